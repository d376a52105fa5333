import { Hono } from "hono";
import { exampleOf } from "./description.ts";
import { environments } from "./environments.ts";
import { GithubError, notAdmin, notThere } from "./errors.ts";
import { environmentValueRoutes, repositorySecretRoutes } from "./names.ts";
import type { RepositoryRight } from "./options.ts";
import { type GithubEnv, pageOf } from "./request.ts";
import { branchRules, rulesetRoutes } from "./rulesets.ts";
import type { GithubWorld } from "./world.ts";

/** What whoever may only read a repository, or write to it, is not shown. */
const FOR_ADMINISTRATORS =
  /\/(actions\/(secrets|runners)|environments\/[^/]+\/(secrets|variables)|keys)(\/|$)/;

/** A repository that a login does not see is not there; what it may not do is refused. */
export const guard = (world: GithubWorld, right: RepositoryRight, method: string, path: string): void => {
  const [, , owner = "", name = ""] = path.split("/");
  if (`${owner}/${name}`.toLowerCase() !== world.options.repository.toLowerCase()) throw notThere();
  if (right !== "admin" && (method !== "GET" || FOR_ADMINISTRATORS.test(path))) throw notAdmin();
};

/** Everything of the one repository, below `/repos/owner/name`. */
export const repository = new Hono<GithubEnv>()
  .get("/", (context) => {
    const { repository: fullName, isPrivate } = context.get("world").options;
    const {
      source: _,
      parent: __,
      template_repository: ___,
      ...example
    } = exampleOf("GET /repos/{owner}/{repo}");
    return context.json({
      ...example,
      full_name: fullName,
      name: fullName.split("/")[1],
      private: isPrivate,
      language: null,
      default_branch: "main",
      visibility: isPrivate ? "private" : "public",
    });
  })
  .route("/environments", environments)
  .route("/environments", environmentValueRoutes)
  .route("/actions/secrets", repositorySecretRoutes)
  .route("/rulesets", rulesetRoutes)
  .route("/rules/branches", branchRules)
  .get("/actions/runners", (context) => {
    const { runners } = context.get("world");
    return context.json({
      total_count: runners.length,
      runners: pageOf(context, runners).map(({ labels, ...runner }, index) => ({
        id: index + 1,
        os: "linux",
        busy: false,
        ...runner,
        labels: ["self-hosted", ...labels].map((name) => ({
          name,
          type: name === "self-hosted" ? "read-only" : "custom",
        })),
      })),
    });
  })
  .get("/actions/runs", (context) => context.json({ total_count: 0, workflow_runs: [] }))
  .get("/keys", (context) => context.json([]))
  .get("/collaborators/:name", (context) => {
    if (!context.get("world").options.users.some(({ name }) => name === context.req.param("name")))
      throw new GithubError(404, "Not Found");
    return context.body(null, 204);
  });
