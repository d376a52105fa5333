import { type Context, Hono } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { answerFaults, exampleOf, operationOf } from "./description.ts";
import { GithubError, notThere } from "./errors.ts";
import type { GithubOptions } from "./options.ts";
import { people } from "./people.ts";
import { guard, repository } from "./repository.ts";
import type { GithubEnv } from "./request.ts";
import { GithubWorld } from "./world.ts";

/** The API, and what is behind it: a test plants there what no route changes, and reads what no route shows. */
export interface GithubEmulator {
  readonly app: Hono;
  readonly world: GithubWorld;
}

/**
 * GitHub's REST API, as far as `gh` and our programs ask it. An answer of another form than GitHub's description gives it is a fault of
 * the emulator, and is answered with 500 and what is wrong.
 */
export function githubEmulator(options: GithubOptions): GithubEmulator {
  const world = new GithubWorld(options);
  const api = new Hono<GithubEnv>()
    .use((context, next) => admit(world, context, next))
    .get("/", (context) => {
      // What `gh auth login` looks for.
      context.header("X-OAuth-Scopes", "repo, read:org, workflow");
      return context.json(exampleOf("GET /"));
    })
    .route("/", people)
    .route("/repos/:owner/:repo", repository);
  api.onError((error, context) => {
    if (error instanceof GithubError) return context.json(error.body, error.status as ContentfulStatusCode);
    process.stderr.write(`github emulator: ${error.stack}\n`);
    return context.json(new GithubError(500, error.message).body, 500);
  });
  api.notFound((context) => context.json(notThere().body, 404));
  const app = new Hono().all("*", async (context) => asDescribed(context, await api.fetch(context.req.raw)));
  return { app, world };
}

/** Who asks, what for, and whether they may. */
async function admit(
  world: GithubWorld,
  context: Context<GithubEnv>,
  next: () => Promise<void>,
): Promise<void> {
  const { method, path } = context.req;
  world.requests.push(`${method} ${path}`);
  const [, token = ""] = /^(?:token|Bearer) (\S+)$/i.exec(context.req.header("authorization") ?? "") ?? [];
  const right = Object.hasOwn(world.options.tokens, token) ? world.options.tokens[token] : undefined;
  if (!right) throw new GithubError(401, token ? "Bad credentials" : "Requires authentication");
  const operation = operationOf(method, path);
  if (!operation) throw notThere();
  if (path.startsWith("/repos/")) guard(world, right, method, path);
  context.set("world", world);
  context.set("operation", operation);
  await next();
}

/** The answer, if it is one that GitHub describes. */
async function asDescribed(context: Context, answer: Response): Promise<Response> {
  const operation = operationOf(context.req.method, context.req.path);
  if (!operation) return answer;
  const text = await answer.clone().text();
  const problems = answerFaults(operation, answer.status, text === "" ? undefined : JSON.parse(text));
  if (!problems.length) return answer;
  const message = `the emulator answers ${operation} with ${answer.status}, and not as described: ${problems.join("; ")}`;
  process.stderr.write(`github ${message}\n`);
  return context.json(new GithubError(500, message).body, 500);
}
