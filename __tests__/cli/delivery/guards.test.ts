import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { type Guards, guardFindings, guards } from "../../../cli/delivery/guards.ts";

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
  const folder = mkdtempSync(join(tmpdir(), "olympus-gh-"));
  afterEach(() => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
    rmSync(folder, { recursive: true, force: true });
    process.exitCode = 0;
  });

  test("asks for both environments and main, and ends red with what is not guarded", async () => {
    const script = [
      "#!/bin/sh",
      'case "$2" in',
      `*/environments\\?*) echo '${JSON.stringify({ total_count: 2, environments: sound.environments })}' ;;`,
      `*/staging/deployment-branch-policies*) echo '{"branch_policies":[{"name":"*"}]}' ;;`,
      `*/prod/deployment-branch-policies*) echo '{"branch_policies":[{"name":"main"}]}' ;;`,
      `*/rules/branches/main*) echo '${JSON.stringify(sound.rules)}' ;;`,
      '*) echo "unexpected $2" >&2; exit 1 ;;',
      "esac",
    ].join("\n");
    writeFileSync(join(folder, "gh"), script);
    chmodSync(join(folder, "gh"), 0o755);
    vi.stubEnv("PATH", `${folder}:/usr/local/bin:/usr/bin:/bin`);
    const said = vi.spyOn(console, "log").mockReturnValue(undefined);
    await guards({});
    expect(said.mock.calls.join()).toContain("the environment staging takes other branches than main");
    expect(process.exitCode).toBe(1);
  });
});
