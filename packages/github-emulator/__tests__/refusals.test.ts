import { expect, test } from "vitest";
import { github } from "./github.ts";
import { sealed } from "./seal.ts";

const CUSTOM = { deployment_branch_policy: { protected_branches: false, custom_branch_policies: true } };
const REVIEW = { reviewers: [{ type: "User", id: 7 }] };

/** Rows: what is asked, with what body, by whom, and what GitHub says. */
test.each([
  ["without a token", "GET /environments", undefined, "", 401, "Requires authentication"],
  ["a token that is none", "GET /environments", undefined, "stolen", 401, "Bad credentials"],
  ["another repository", "GET //repos/acme/other", undefined, "boss", 404, "Not Found"],
  ["what is not emulated", "GET /pages", undefined, "boss", 404, "Not Found"],
  ["secrets for a reader", "GET /actions/secrets", undefined, "guest", 403, "Must have admin rights"],
  ["a change by a writer", "PUT /environments/qa", CUSTOM, "dev", 403, "Must have admin rights"],
  [
    "both branch policies",
    "PUT /environments/qa",
    { deployment_branch_policy: { protected_branches: true, custom_branch_policies: true } },
    "boss",
    422,
    "the same value",
  ],
  ["an unknown setting", "PUT /environments/qa", { reviewer: "jane" }, "boss", 422, "additional properties"],
  [
    "a reviewer that nobody is",
    "PUT /environments/qa",
    { reviewers: [{ type: "User", id: 8 }] },
    "boss",
    422,
    "no User has the id 8",
  ],
  [
    "seven reviewers",
    "PUT /environments/qa",
    { reviewers: Array(7).fill(REVIEW.reviewers[0]) },
    "boss",
    422,
    "at most 6",
  ],
  [
    "a variable of an environment that is not there",
    "POST /environments/qa/variables",
    { name: "A", value: "b" },
    "boss",
    404,
    "Not Found",
  ],
  ["a ruleset without an enforcement", "POST /rulesets", { name: "main" }, "boss", 422, "enforcement"],
  ["no map", "POST /rulesets", "{", "boss", 422, "must be object"],
] as const)("%s is refused", async (_, request, body, token, status, message) => {
  const answer = await github().ask(request, body, token);
  expect([answer.status, answer.json.message]).toEqual([status, expect.stringContaining(message)]);
});

test("what a private repository may have depends on its owner's plan", async () => {
  const said = async (plan: "free" | "team" | "enterprise", isPrivate: boolean) => {
    const { ask } = github({ plan, isPrivate });
    const asked = [
      await ask("PUT /environments/qa", CUSTOM),
      await ask("PUT /environments/qa", REVIEW),
      await ask("GET /rulesets"),
    ];
    return asked.map(({ status }) => status);
  };
  expect(await said("free", true)).toEqual([404, 404, 403]);
  expect(await said("team", true)).toEqual([200, 422, 200]);
  expect(await said("enterprise", true)).toEqual([200, 200, 200]);
  expect(await said("free", false)).toEqual([200, 200, 200]);
});

test("names: of a variable once, of a ruleset once, none that GitHub keeps for itself", async () => {
  const { ask, world } = github();
  await ask("PUT /environments/qa", CUSTOM);
  const variable = (name: string) => ask("POST /environments/qa/variables", { name, value: "x" });
  expect([(await variable("host")).status, (await variable("HOST")).status]).toEqual([201, 409]);
  expect([...(world.environment("QA")?.variables ?? [])]).toEqual([["HOST", "x"]]);
  for (const name of ["GITHUB_TOKEN", "1A", "A-B"]) expect((await variable(name)).status).toBe(422);
  const ruleset = () => ask("POST /rulesets", { name: "main", enforcement: "active" });
  expect([(await ruleset()).status, (await ruleset()).json.errors]).toEqual([
    201,
    [expect.objectContaining({ message: "Name must be unique" })],
  ]);
});

test("a secret that was sealed for another key is refused, and no answer ever shows one", async () => {
  const { ask, world } = github();
  const put = (key_id: string, publicKey: string) =>
    ask("PUT /actions/secrets/KEY", { encrypted_value: sealed("hidden", publicKey), key_id });
  expect((await put(world.boxKey.id, Buffer.alloc(32, 9).toString("base64"))).status).toBe(422);
  expect((await put("1", world.boxKey.publicKey)).status).toBe(422);
  expect((await put(world.boxKey.id, world.boxKey.publicKey)).status).toBe(201);
  expect(world.secrets.get("KEY")).toBe("hidden");
  expect(
    JSON.stringify([await ask("GET /actions/secrets"), await ask("GET /actions/secrets/KEY")]),
  ).not.toContain("hidden");
});

test("an update of an environment takes away what it does not say, and branches with their policy", async () => {
  const { ask, world } = github();
  await ask("PUT /environments/qa", { ...REVIEW, ...CUSTOM });
  expect((await ask("POST /environments/qa/deployment-branch-policies", { name: "main" })).status).toBe(200);
  expect((await ask("POST /environments/qa/deployment-branch-policies", { name: "main" })).status).toBe(303);
  await ask("PUT /environments/qa", {});
  expect(world.environment("qa")).toMatchObject({ reviewers: [], policy: null, branches: [] });
  expect((await ask("POST /environments/qa/deployment-branch-policies", { name: "main" })).status).toBe(404);
});

test("rules of a branch are those of active rulesets that mean it", async () => {
  const { ask } = github();
  const ruleset = (name: string, include: string, enforcement = "active") =>
    ask("POST /rulesets", {
      ...{ name, enforcement, target: "branch", rules: [{ type: "deletion" }] },
      conditions: { ref_name: { include: [include], exclude: [] } },
    });
  await ruleset("a", "~DEFAULT_BRANCH");
  await ruleset("b", "refs/heads/main", "disabled");
  await ruleset("c", "refs/heads/release");
  expect((await ask("GET /rules/branches/main")).json).toMatchObject([
    { type: "deletion", ruleset_source: "acme/identity" },
  ]);
});

test("a list comes in pages, each with a link to the next", async () => {
  const { ask, world } = github();
  for (const letter of "ABC") world.secrets.set(letter, "x");
  const first = await ask("GET /actions/secrets?per_page=2");
  expect([first.json.total_count, first.json.secrets, first.link]).toMatchObject([
    3,
    [{ name: "A" }, { name: "B" }],
    expect.stringContaining('page=2>; rel="next"'),
  ]);
  const last = await ask("GET /actions/secrets?per_page=2&page=2");
  expect([last.json.secrets, last.link]).toMatchObject([[{ name: "C" }], null]);
});
