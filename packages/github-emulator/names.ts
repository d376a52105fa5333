import { type Context, Hono } from "hono";
import { GithubError, invalidRequest, notThere } from "./errors.ts";
import { bodyOf, environmentInPath, type GithubEnv, MADE, pageOf } from "./request.ts";
import type { Holder } from "./world.ts";

/** Letters, digits and _, no digit first, nothing that begins with GITHUB_. */
const NAME = /^(?!GITHUB_)[A-Z_][A-Z0-9_]*$/;

/** Kept in capital letters, as GitHub shows them. */
function nameOf(text: string): string {
  const name = text.toUpperCase();
  if (!NAME.test(name))
    throw invalidRequest([`${text} is not a name: letters, digits and _, and no GITHUB_ before it`]);
  return name;
}

const dated = (name: string) => ({ name, created_at: MADE, updated_at: MADE });

/** Secrets of a repository or of one of its environments. Their values go in, encrypted, and never come out. */
const secretRoutes = (holderOf: (context: Context<GithubEnv>) => Holder) =>
  new Hono<GithubEnv>()
    .get("/", (context) => {
      const names = [...holderOf(context).secrets.keys()].sort();
      return context.json({ total_count: names.length, secrets: pageOf(context, names).map(dated) });
    })
    .get("/public-key", (context) => {
      holderOf(context);
      const { id, publicKey } = context.get("world").boxKey;
      return context.json({ key_id: id, key: publicKey });
    })
    .get("/:name", (context) => {
      const name = nameOf(context.req.param("name"));
      if (!holderOf(context).secrets.has(name)) throw notThere();
      return context.json(dated(name));
    })
    .put("/:name", async (context) => {
      const { secrets } = holderOf(context);
      const { boxKey } = context.get("world");
      const name = nameOf(context.req.param("name"));
      const { encrypted_value: sealed, key_id: key } = await bodyOf<{
        encrypted_value: string;
        key_id: string;
      }>(context);
      const value = key === boxKey.id ? boxKey.open(sealed) : undefined;
      if (value === undefined) throw new GithubError(422, "Bad request - public key does not match");
      const isNew = !secrets.has(name);
      secrets.set(name, value);
      return isNew ? context.json({}, 201) : context.body(null, 204);
    })
    .delete("/:name", (context) => {
      if (!holderOf(context).secrets.delete(nameOf(context.req.param("name")))) throw notThere();
      return context.body(null, 204);
    });

const variableRoutes = (holderOf: (context: Context<GithubEnv>) => Holder) => {
  const view = ([name, value]: readonly [string, string]) => ({ ...dated(name), value });
  return new Hono<GithubEnv>()
    .get("/", (context) => {
      const all = [...holderOf(context).variables].sort(([a], [b]) => (a < b ? -1 : 1));
      return context.json({ total_count: all.length, variables: pageOf(context, all).map(view) });
    })
    .post("/", async (context) => {
      const { variables } = holderOf(context);
      const given = await bodyOf<{ name: string; value: string }>(context);
      const name = nameOf(given.name);
      if (variables.has(name)) throw new GithubError(409, "Already exists - Variable already exists");
      variables.set(name, given.value);
      return context.json({}, 201);
    })
    .get("/:name", (context) => {
      const name = nameOf(context.req.param("name"));
      const value = holderOf(context).variables.get(name);
      if (value === undefined) throw notThere();
      return context.json(view([name, value]));
    })
    .patch("/:name", async (context) => {
      const { variables } = holderOf(context);
      const name = nameOf(context.req.param("name"));
      const { value } = await bodyOf<{ value?: string }>(context);
      if (!variables.has(name)) throw notThere();
      variables.set(name, value ?? variables.get(name) ?? "");
      return context.body(null, 204);
    })
    .delete("/:name", (context) => {
      if (!holderOf(context).variables.delete(nameOf(context.req.param("name")))) throw notThere();
      return context.body(null, 204);
    });
};

/** What the repository's own workflows read. */
export const repositorySecretRoutes = secretRoutes((context) => context.get("world"));

/** What jobs of an environment read. */
export const environmentValueRoutes = new Hono<GithubEnv>()
  .route("/:environment/secrets", secretRoutes(environmentInPath))
  .route("/:environment/variables", variableRoutes(environmentInPath));
