import { expect, test } from "vitest";
import { type AttackStep, closure, type Right } from "../../containment/graph.ts";

const right: Right = { of: "prod", what: "databases", means: "data" };
const found = (steps: readonly AttackStep[]) =>
  closure(steps, ["start"]).map(({ path, entries }) => [path.slice(0, -1).join(" "), entries.join(" ")]);

test("the shortest path stands for all that need the same entries", () => {
  const steps = [
    { from: "start", to: "b" },
    { from: "b", to: "c" },
    { from: "b", to: right },
    { from: "c", to: right },
    { from: "c", to: "start" },
  ];
  expect(found(steps)).toEqual([["start b", ""]]);
});

test("what one entry opens hides no way through another, and no way through none is hidden by either", () => {
  const twice: AttackStep[] = [
    { from: "start", to: right, entry: "one" },
    { from: "start", to: "b", entry: "other" },
    { from: "b", to: right },
    { from: "b", to: right, entry: "one" },
  ];
  expect(found(twice)).toEqual([
    ["start", "one"],
    ["start b", "other"],
  ]);
  const longer: AttackStep[] = [
    { from: "start", to: "c" },
    { from: "c", to: "d" },
    { from: "d", to: right },
  ];
  expect(found([...twice, ...longer])).toEqual([["start c d", ""]]);
});
