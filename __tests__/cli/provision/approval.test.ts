import { expect, test } from "vitest";
import { requireApproved } from "../../../cli/provision/approval.ts";
import type { PlanSummary } from "../../../cli/shared/plan/summary.ts";

const change = (address: string): PlanSummary["changes"][number] => ({
  address,
  action: "create",
  outside: false,
  attributes: [],
});
const plan = (stack: string, ...addresses: string[]): PlanSummary => ({
  stack,
  isFirst: false,
  changes: addresses.map(change),
  outputs: [],
  stateful: [],
});

test("exactly what was approved is applied", () => {
  expect(() =>
    requireApproved(plan("staging", "a"), [plan("zone", "b"), plan("staging", "a")]),
  ).not.toThrow();
});

test.each([
  ["does more", [plan("staging")]],
  ["does something else", [plan("staging", "b")]],
  ["was of another stack", [plan("zone", "a")]],
  ["was never seen", []],
])("a plan that %s is not", (_, approved) => {
  expect(() => requireApproved(plan("staging", "a"), approved)).toThrow("not the plan that was approved");
});
