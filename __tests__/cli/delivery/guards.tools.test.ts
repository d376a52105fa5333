import type { EnvironmentRecord, GithubService } from "@olympus-infra/github-emulator";
import { afterEach, beforeEach, describe, expect, type MockInstance, test, vi } from "vitest";
import { type Guards, guardFindings, guards } from "../../../cli/delivery/guards.ts";
import { emulatedGithub, logInTo } from "../../support/github/emulated-github.ts";
import { guardedEnvironment, guardMain } from "../../support/github/healthy-github.ts";

const DECLARED = [
  { name: "prod", isProduction: true },
  { name: "staging", isProduction: false },
];
const onlyMain = { protected_branches: false, custom_branch_policies: true };
/** As GitHub's documentation shows the answers, with what is read of them. */
const sound: Guards = {
  rules: [
    { type: "deletion" },
    { type: "non_fast_forward" },
    { type: "pull_request", parameters: { required_approving_review_count: 1 } },
  ],
  environments: [
    {
      name: "prod",
      protection_rules: [
        { type: "required_reviewers", prevent_self_review: true },
        { type: "branch_policy" },
      ],
      deployment_branch_policy: onlyMain,
    },
    { name: "staging", protection_rules: [{ type: "branch_policy" }], deployment_branch_policy: onlyMain },
  ],
  branches: { prod: ["main"], staging: ["main"] },
};
const [prod, staging] = sound.environments as [
  Guards["environments"][number],
  Guards["environments"][number],
];

test("what is guarded has nothing to say", () => {
  expect(guardFindings(sound, DECLARED)).toEqual([]);
  const protectedBranches = { protected_branches: true, custom_branch_policies: false };
  expect(
    guardFindings(
      { ...sound, environments: [prod, { ...staging, deployment_branch_policy: protectedBranches }] },
      DECLARED,
    ),
  ).toEqual([]);
});

test.each<[title: string, change: Partial<Guards>, says: RegExp]>([
  ["no rule at all", { rules: [{ type: "non_fast_forward" }] }, /^main takes commits without a review/],
  [
    "a pull request that nobody approves",
    {
      rules: [
        { type: "non_fast_forward" },
        { type: "pull_request", parameters: { required_approving_review_count: 0 } },
      ],
    },
    /^main takes commits without a review/,
  ],
  ["a forced push", { rules: sound.rules.filter(({ type }) => type !== "non_fast_forward") }, /forced push/],
  ["an environment that is not there", { environments: [prod] }, /^the environment staging does not exist/],
  [
    "any branch reads staging's secrets",
    { environments: [prod, { ...staging, deployment_branch_policy: null }] },
    /^the environment staging takes other branches/,
  ],
  [
    "a branch beside main",
    { branches: { ...sound.branches, staging: ["main", "feature/*"] } },
    /staging takes other/,
  ],
  [
    "production without an approval",
    { environments: [{ ...prod, protection_rules: [] }, staging] },
    /prod deploys without an approval/,
  ],
  [
    "production approved by who started it",
    {
      environments: [
        { ...prod, protection_rules: [{ type: "required_reviewers", prevent_self_review: false }] },
        staging,
      ],
    },
    /prevent self-review$/,
  ],
])("%s", (_, change, says) => {
  expect(guardFindings({ ...sound, ...change }, DECLARED)).toEqual([expect.stringMatching(says)]);
});

describe("the verb", () => {
  let github: GithubService;
  let said: MockInstance;
  beforeEach(async () => {
    github = await emulatedGithub();
    logInTo(github);
    guardMain(github);
    said = vi.spyOn(console, "log").mockReturnValue(undefined);
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
    await github.close();
    process.exitCode = 0;
  });
  const declare = (staging: Partial<EnvironmentRecord> = {}) =>
    github.world.environments.push(
      guardedEnvironment(2, "prod", { reviewers: [{ type: "User", id: 7 }], preventSelfReview: true }),
      guardedEnvironment(3, "staging", staging),
    );

  test("says that a repository is guarded as the runbook says", async () => {
    declare();
    await guards({});
    expect([said.mock.calls.join(), process.exitCode]).toEqual([
      expect.stringContaining("is guarded as containment presupposes"),
      0,
    ]);
  });

  test("asks for both environments and main, and ends red with what is not guarded", async () => {
    declare({ branches: [{ id: 30, name: "*" }] });
    github.world.rulesets.splice(0);
    await guards({ json: true });
    const { findings } = JSON.parse(said.mock.calls.join()) as { findings: string[] };
    expect(findings).toEqual([
      expect.stringMatching(/^main takes commits without a review/),
      expect.stringMatching(/^main takes a forced push/),
      expect.stringMatching(/^the environment staging takes other branches than main/),
    ]);
    expect(process.exitCode).toBe(1);
  });

  test("gives GitHub's own words where it does not answer", async () => {
    logInTo(github, "gho_revoked");
    await expect(guards({})).rejects.toThrow(/does not say how .*Bad credentials/s);
  });
});
