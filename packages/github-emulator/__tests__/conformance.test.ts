import { expect, test } from "vitest";
import { answerFaults, bodyFaults, operationOf, statusesOf } from "../description.ts";
import { OPERATIONS } from "../operations.ts";
import { newBoxKey } from "../sealed-box.ts";
import { github, OPTIONS } from "./github.ts";
import { sealed } from "./seal.ts";

// Each answer is held against GitHub's description before it leaves (app.ts): one of another form is a 500. Here every operation
// gives every answer below 400 that it is described with.
const SETTINGS = {
  ...{ wait_timer: 5, prevent_self_review: true },
  reviewers: [
    { type: "User", id: 7 },
    { type: "Team", id: 9 },
  ],
  deployment_branch_policy: { protected_branches: false, custom_branch_policies: true },
};
const RULESET = {
  ...{ name: "main", target: "branch", enforcement: "active" },
  conditions: { ref_name: { include: ["~DEFAULT_BRANCH"], exclude: [] } },
  rules: [{ type: "non_fast_forward" }],
};

test("every operation gives every answer that it is described with, in that form", async () => {
  const { ask, world } = github();
  const given = new Map<string, Set<number>>();
  const asks = async (request: string, body?: unknown) => {
    const answer = await ask(request, body);
    const [method = "", path = ""] = request.split(" ");
    const full = path.startsWith("//") ? path.slice(1) : `/repos/${OPTIONS.repository}${path}`;
    const operation = operationOf(method, full) ?? request;
    expect([request, answer.status, answer.json.message]).toEqual([request, answer.status, undefined]);
    given.set(operation, (given.get(operation) ?? new Set()).add(answer.status));
    return answer;
  };
  world.runners.push({ name: "r1", labels: ["deploy-staging"], status: "online" });
  for (const path of ["/", "/user", "/users/jane", "/orgs/acme/teams/infra", "/orgs/acme/members/jane"])
    await asks(`GET /${path}`);
  for (const path of ["", "/collaborators/jane", "/keys", "/actions/runners", "/actions/runs"])
    await asks(`GET ${path}`);

  const { json: made } = await asks("POST /rulesets", RULESET);
  for (const path of ["/rulesets", `/rulesets/${made.id}`, "/rules/branches/main"]) await asks(`GET ${path}`);
  await asks(`PUT /rulesets/${made.id}`, { ...RULESET, enforcement: "disabled" });
  await asks(`DELETE /rulesets/${made.id}`);

  const staging = "/environments/staging";
  await asks(`PUT ${staging}`, SETTINGS);
  for (const path of ["/environments", staging]) await asks(`GET ${path}`);
  const { json: branch } = await asks(`POST ${staging}/deployment-branch-policies`, { name: "main" });
  await asks(`POST ${staging}/deployment-branch-policies`, { name: "main" });
  await asks(`GET ${staging}/deployment-branch-policies`);
  await asks(`DELETE ${staging}/deployment-branch-policies/${branch.id}`);

  await asks(`POST ${staging}/variables`, { name: "HOST", value: "192.0.2.1" });
  for (const path of ["", "/HOST"]) await asks(`GET ${staging}/variables${path}`);
  await asks(`PATCH ${staging}/variables/HOST`, { value: "192.0.2.2" });
  await asks(`DELETE ${staging}/variables/HOST`);
  for (const secrets of ["/actions/secrets", `${staging}/secrets`]) {
    await asks(`GET ${secrets}/public-key`);
    const value = { encrypted_value: sealed("value", world.boxKey.publicKey), key_id: world.boxKey.id };
    for (const _ of ["new", "again"]) await asks(`PUT ${secrets}/KEY`, value);
    for (const path of ["", "/KEY"]) await asks(`GET ${secrets}${path}`);
    await asks(`DELETE ${secrets}/KEY`);
  }
  await asks(`DELETE ${staging}`);

  for (const operation of OPERATIONS)
    expect([operation, [...(given.get(operation) ?? [])].sort()]).toEqual([operation, statusesOf(operation)]);
});

test("the description refuses what is not of its form", () => {
  const environment = "GET /repos/{owner}/{repo}/environments/{environment_name}";
  expect(answerFaults(environment, 200, { name: "staging" }).join()).toContain("required property 'id'");
  expect(answerFaults(environment, 201, {})).toEqual([`201 is not an answer to ${environment}`]);
  expect(answerFaults(environment, 404, "gone")).not.toEqual([]);
  const put = "PUT /repos/{owner}/{repo}/actions/secrets/{secret_name}";
  expect(bodyFaults(put, { encrypted_value: "not base64!" })).toHaveLength(2);
});

test("a secret is opened by the key that it was sealed for alone", () => {
  const key = newBoxKey();
  expect(key.open(sealed("grün", key.publicKey))).toBe("grün");
  expect(newBoxKey().open(sealed("grün", key.publicKey))).toBeUndefined();
});
