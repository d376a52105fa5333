import { expect, test } from "vitest";
import { followText, withNeeds } from "../../../cli/apply/follow-deploy.ts";
import { type CheckedRow, inOrder, type Row } from "../../../cli/doctor/row.ts";

const row = (id: string, needs: readonly string[] = []): Row => ({
  ...{ id, needs, title: `the ${id}`, remedy: [], page: "docs/runbooks/doctor.md" },
  check: () => inOrder(""),
});

test("only what is meant is asked, and what it cannot be asked without, in the doctor's order", () => {
  const rows = [row("a"), row("b", ["a"]), row("c"), row("d", ["b"]), row("e", ["c"])];
  expect(withNeeds(rows, ["d"]).map(({ id }) => id)).toEqual(["a", "b", "d"]);
  expect(withNeeds(rows, ["none"])).toEqual([]);
});

test("what is left is named, with the doctor as the next step; nothing left is said, too", () => {
  const { check: _, ...fields } = row("clock");
  const done: CheckedRow = { ...fields, state: "done", found: "it is" };
  expect(followText("staging", [done])).toBe("staging: what follows from a deploy is done, too");
  expect(followText("staging", [done, { ...done, state: "missing", found: "no token" }])).toBe(
    "to do  the clock: no token\nNext: ./olympus doctor staging, which says how",
  );
});
