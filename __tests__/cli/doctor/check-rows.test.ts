import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { checkRows } from "../../../cli/doctor/check-rows.ts";
import { allDone, doctorJson, doctorText, nextStep } from "../../../cli/doctor/report.ts";
import { type CheckOutcome, inOrder, type Row, toDo, unsure } from "../../../cli/doctor/row.ts";

const row = (
  id: string,
  outcome: CheckOutcome | (() => CheckOutcome | Promise<CheckOutcome>),
  more: Partial<Row> = {},
): Row => ({
  ...{ id, title: `title of ${id}`, remedy: [`fix ${id}`], page: `docs/${id}.md` },
  check: typeof outcome === "function" ? outcome : () => outcome,
  ...more,
});

test("a row whose need is not done is not asked, and says what is to be done first", async () => {
  let asked = 0;
  const count = () => {
    asked += 1;
    return inOrder("there");
  };
  const rows = await checkRows([
    row("a", toDo("nothing there")),
    row("b", count, { needs: ["a"] }),
    row("c", count, { needs: ["b"] }),
    row("d", count),
  ]);
  expect(rows.map(({ state, waitsFor }) => [state, waitsFor])).toEqual([
    ["missing", undefined],
    ["waits", "a"],
    ["waits", "a"],
    ["done", undefined],
  ]);
  expect(asked).toBe(1);
  const text = doctorText(["staging"], rows);
  expect(text).toContain("staging: 1 of 4 are done. The next step is a: title of a\n  fix a");
  expect(text.match(/nothing there/g)).toHaveLength(1);
});

test("what fails or does not answer in time is unknown, and stops no other row", async () => {
  const rows = await checkRows(
    [
      row("late", () => new Promise<CheckOutcome>(() => undefined)),
      row("broken", () => {
        throw new Error("no route");
      }),
      row("well", inOrder("there")),
    ],
    50,
  );
  expect(rows.map(({ state, found }) => [state, found])).toEqual([
    ["unknown", "no answer within 0.05 s"],
    ["unknown", "no route"],
    ["done", "there"],
  ]);
  expect(allDone(rows)).toBe(false);
  expect(nextStep(rows)?.id).toBe("late");
});

test("some rows are asked at a time, and what they need does not hold them up for ever", async () => {
  let running = 0;
  let most = 0;
  const slow = async () => {
    running += 1;
    most = Math.max(most, running);
    await sleep(5);
    running -= 1;
    return inOrder("there");
  };
  const ids = Array.from({ length: 30 }, (_, index) => String(index));
  const rows = await checkRows(
    ids.map((id, index) => row(id, slow, { needs: ids.slice(Math.max(0, index - 8), index) })),
  );
  expect(rows.every(({ state }) => state === "done")).toBe(true);
  expect((await checkRows(ids.map((id) => row(id, slow)))).length).toBe(30);
  expect(most).toBeGreaterThan(1);
  expect(most).toBeLessThanOrEqual(6);
});

test("a row may only need what stands before it", async () => {
  await expect(checkRows([row("a", inOrder(""), { needs: ["b"] })])).rejects.toThrow("a needs b");
});

test("what is optional is shown, and neither the next step nor a reason for exit code 1", async () => {
  const rows = await checkRows([row("a", toDo("no Go"), { isOptional: true }), row("b", inOrder("there"))]);
  expect([allDone(rows), nextStep(rows)]).toEqual([true, undefined]);
  expect(doctorText(["staging"], rows)).toMatch(/^optional a .*\n +no Go\n +> fix a\n/);
});

test("the next step is what a person can do, before what could not be asked", async () => {
  const rows = await checkRows([row("a", unsure("no network")), row("b", toDo("missing"))]);
  expect(nextStep(rows)?.id).toBe("b");
});

test("what others have said is text that neither a terminal nor a workflow obeys", async () => {
  const hostile = "\u001b[2J\u202egone\n::add-mask::x";
  const rows = await checkRows([row("a", toDo(hostile, hostile))]);
  for (const text of [doctorText(["staging"], rows), doctorJson(["staging"], rows)]) {
    for (const sign of ["\u001b", "\u202e"]) expect(text).not.toContain(sign);
    expect(text).not.toMatch(/^\s*::/m);
  }
  expect(JSON.parse(doctorJson(["staging"], rows))).toMatchObject({
    ok: false,
    next: "a",
    rows: [{ id: "a" }],
  });
});
