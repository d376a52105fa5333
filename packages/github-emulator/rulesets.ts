import { type Context, Hono } from "hono";
import { exampleOf } from "./description.ts";
import { GithubError, invalidRuleset, notThere } from "./errors.ts";
import { bodyOf, type GithubEnv, MADE, pageOf } from "./request.ts";
import type { GithubWorld, RulesetRecord } from "./world.ts";

const DEFAULT_BRANCH = "main";

const withPlan = ({ has }: GithubWorld): void => {
  if (!has.rulesets)
    throw new GithubError(
      403,
      "Upgrade to GitHub Pro or make this repository public to enable this feature.",
    );
};

function found(context: Context<GithubEnv>): RulesetRecord {
  const one = context.get("world").rulesets.find(({ id }) => String(id) === context.req.param("ruleset"));
  if (!one) throw notThere();
  return one;
}

export const rulesetRoutes = new Hono<GithubEnv>()
  .use(async (context, next) => {
    withPlan(context.get("world"));
    await next();
  })
  .get("/", (context) => {
    const world = context.get("world");
    return context.json(pageOf(context, world.rulesets).map((one) => view(one, world, false)));
  })
  .post("/", async (context) => {
    const world = context.get("world");
    const made = {
      ...EMPTY,
      ...(await bodyOf<Partial<RulesetRecord>>(context)),
      id: world.newId(),
    } as RulesetRecord;
    requireOwnName(made, world);
    world.rulesets.push(made);
    return context.json(view(made, world), 201);
  })
  .get("/:ruleset", (context) => context.json(view(found(context), context.get("world"))))
  .put("/:ruleset", async (context) => {
    const world = context.get("world");
    const one = found(context);
    const next = { ...one, ...(await bodyOf<Partial<RulesetRecord>>(context)), id: one.id };
    requireOwnName(next, world);
    return context.json(view(Object.assign(one, next), world));
  })
  .delete("/:ruleset", (context) => {
    const { rulesets: all } = context.get("world");
    all.splice(all.indexOf(found(context)), 1);
    return context.body(null, 204);
  });

/** Rules that hold for a branch, of every ruleset that is active. */
export const branchRules = new Hono<GithubEnv>().get("/:branch", (context) => {
  const world = context.get("world");
  withPlan(world);
  const branch = context.req.param("branch");
  const rules = world.rulesets
    .filter((one) => one.enforcement === "active" && one.target === "branch" && covers(one, branch))
    .flatMap(({ id, rules: own }) => own.map((rule) => ({ ...rule, ...sourceOf(world), ruleset_id: id })));
  return context.json(pageOf(context, rules));
});

const EMPTY = { target: "branch", bypass_actors: [], conditions: {}, rules: [] };

function requireOwnName({ id, name }: RulesetRecord, world: GithubWorld): void {
  if (world.rulesets.some((other) => other.name === name && other.id !== id))
    throw invalidRuleset("Name must be unique");
}

/** Only names in full and `~DEFAULT_BRANCH`, `~ALL`: no patterns. */
function covers({ conditions }: RulesetRecord, branch: string): boolean {
  const { include = [], exclude = [] } = conditions.ref_name ?? {};
  const isMeant = (ref: string) =>
    ref === "~ALL" ||
    ref === `refs/heads/${branch}` ||
    (ref === "~DEFAULT_BRANCH" && branch === DEFAULT_BRANCH);
  return include.some(isMeant) && !exclude.some(isMeant);
}

const sourceOf = ({ options }: GithubWorld) => ({
  ruleset_source_type: "Repository",
  ruleset_source: options.repository,
});

function view(
  { rules, conditions, bypass_actors, ...one }: RulesetRecord,
  world: GithubWorld,
  isWhole = true,
): object {
  return {
    ...exampleOf("GET /repos/{owner}/{repo}/rulesets/{ruleset_id}"),
    ...one,
    source_type: "Repository",
    source: world.options.repository,
    created_at: MADE,
    updated_at: MADE,
    // A list shows neither.
    ...(isWhole
      ? { rules, conditions, bypass_actors }
      : { rules: undefined, conditions: undefined, bypass_actors: undefined }),
  };
}
