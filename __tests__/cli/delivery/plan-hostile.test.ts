import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { summarise, summarySchema } from "../../../cli/shared/plan/summary.ts";
import { planAsText } from "../../../cli/shared/plan/text.ts";
import { Failure } from "../../../lib/failure.ts";
import { plannedResource, terraformPlanText, terraformPlanWith } from "./plan-fixture.ts";

describe("what must not be shown", () => {
  const secret = "correct horse battery staple";
  const update = (masks: object) =>
    plannedResource("x.y", {
      actions: ["update"],
      before: { plain: "a", list: [{ text: "old" }] },
      after: { plain: secret, list: [{ text: secret }, { text: secret }] },
      ...masks,
    });
  const shown = (text: string) =>
    JSON.stringify(summarise("staging", text)) + planAsText(summarise("staging", text));

  test.each([
    ["wholly", { after_sensitive: true }],
    ["in its parts", { after_sensitive: { plain: true, list: [{ text: true }, {}] } }],
    ["on the other side", { before_sensitive: { plain: true, list: [{ text: true }] } }],
  ])("a value that is marked %s", (_, masks) => {
    const text = terraformPlanText(update(masks));
    expect(shown(text)).not.toContain(secret);
    expect(shown(text)).toContain("(sensitive)");
  });

  test("a value that was given as a variable, though nothing marks it", () => {
    const plan = { resource_changes: [update({})], variables: { token: { value: secret } } };
    expect(shown(terraformPlanWith(plan))).not.toContain(secret);
    expect(shown(terraformPlanText(update({})))).toContain(secret);
  });
});

describe("what is no plan", () => {
  test.each([
    ["no JSON", "Error: no", "it is not JSON"],
    ["no object", "[]", "(all)"],
    ["another format", terraformPlanWith({ format_version: "2.0" }), "only format 1.x is known"],
    ["an unfinished plan", terraformPlanWith({ errored: true }), "fix its error first"],
    [
      "an unknown action",
      terraformPlanText(plannedResource("a.b", { actions: ["explode"] })),
      "resource_changes.0.change.actions.0",
    ],
    [
      "a resource without an address",
      terraformPlanText({ type: "a", change: { actions: ["no-op"] } }),
      "address",
    ],
  ])("%s is refused readably", (_, text, why) => {
    expect(() => summarise("staging", text)).toThrow(Failure);
    expect(() => summarise("staging", text)).toThrow(why);
  });

  test("any JSON in any place is summarised or refused, and never breaks a line", () => {
    const json = fc.jsonValue({ maxDepth: 4 });
    const hostile = fc.record({ actions: fc.constant(["update"]), before: json, after: json }, {});
    fc.assert(
      fc.property(hostile, json, json, json, (change, unknown, sensitive, address) => {
        const text = terraformPlanText({
          address,
          type: "a",
          change: { ...change, after_unknown: unknown, after_sensitive: sensitive },
        });
        try {
          const summary = summarise("staging", text);
          expect(summarySchema.parse(summary)).toEqual(summary);
          const attributes = summary.changes.flatMap((c) => c.attributes);
          for (const { path, before, after } of attributes) expect(path + before + after).not.toContain("\n");
        } catch (error) {
          expect(error).toBeInstanceOf(Failure);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
