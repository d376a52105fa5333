import { describe, expect, it } from "vitest";
import { describePolicy, evaluate } from "../../policy/evaluate.ts";
import { withResource } from "../../policy/examples.ts";
import type { Rule } from "../../policy/rule.ts";
import { rule as volumeFormat } from "../../policy/rules/volume-format.ts";
import { rule as volumeSize } from "../../policy/rules/volume-size.ts";

const small = withResource("hcloud_volume", { size: 5, format: "zfs" }, { stack: "staging" });
const broken: Rule = {
  ...volumeSize,
  id: "broken",
  check: () => {
    throw new Error("out of order");
  },
};

describe("evaluate", () => {
  it("names the rule, the stack, the path, what was found, why and what to do", () => {
    expect(evaluate([small], [volumeSize])).toEqual([
      {
        id: "volume-size",
        stack: "staging",
        path: "resource.hcloud_volume.example.size",
        found: "5 GB",
        reason: volumeSize.reason,
        remedy: volumeSize.remedy,
      },
    ]);
  });

  it("turns a rule that throws into a finding, and goes on", () => {
    const [first, second] = evaluate([small], [broken, volumeFormat]);
    expect(first).toMatchObject({
      id: "broken",
      stack: "staging",
      found: expect.stringContaining("out of order"),
    });
    expect(second?.id).toBe("volume-format");
  });
});

describe("describePolicy", () => {
  it("lists the findings by rule", () => {
    expect(describePolicy(evaluate([small, { ...small, stack: "prod" }], [volumeFormat]))).toBe(
      [
        "2 findings, 1 rule broken",
        "",
        "volume-format",
        "  staging: resource.hcloud_volume.example.format",
        '    "zfs"',
        "  prod: resource.hcloud_volume.example.format",
        '    "zfs"',
        `  why  ${volumeFormat.reason}`,
        `  do   ${volumeFormat.remedy}`,
      ].join("\n"),
    );
  });

  it("says so when there are none", () => {
    expect(describePolicy([])).toBe("No rule is broken.");
  });
});
