import { expect, test } from "vitest";
import { type BothStates, decided } from "../../../cli/provision/split-keys/move-state.ts";

const state = (serial: number, lineage = "one", text = "x"): BothStates["own"] & BothStates["old"] => ({
  ...{ version: 4, serial, lineage, resources: [], text },
});

test.each<[string, BothStates, ReturnType<typeof decided>]>([
  ["only the old bucket has it", { old: state(3), own: "none" }, "copy"],
  ["it was copied", { old: state(3), own: state(3) }, "there"],
  ["it was copied, and deployed since", { old: state(3), own: state(5, "one", "y") }, "there"],
  ["it was copied, and the old key is revoked", { old: "closed", own: state(3) }, "there"],
  ["it was copied, and the old object is deleted", { old: "none", own: state(3) }, "there"],
  ["it was never deployed", { old: "none", own: "none" }, "nothing"],
])("%s", (_, found, step) => {
  expect(decided("prod", found)).toBe(step);
});

test.each<[string, BothStates, RegExp]>([
  ["a deploy from nothing came first", { old: state(3), own: state(1, "two") }, /its lineage differs/],
  ["an earlier checkout went on", { old: state(4), own: state(3) }, /an earlier checkout has deployed/],
  ["and made another of the same serial", { old: state(3), own: state(3, "one", "y") }, /or other content/],
  ["the old key is gone too early", { old: "closed", own: "none" }, /Bring the old key back/],
])("refused, since a copy would lose something: %s", (_, found, words) => {
  expect(() => decided("prod", found)).toThrow(words);
});
