import { expect, test } from "vitest";
import { administratorsIn } from "../../../cli/release/administrators.ts";
import { parseStatus, STATUS, statusText } from "../../../cli/release/machine-status.ts";

/** What the machine answers to the last of the questions, and nothing to the others. */
const statusOf = (counts: string) => {
  const marks = STATUS.match(/echo "(--- [^"]+)"/g) ?? [];
  const mark = /"(.+)"/.exec(marks[0] ?? "")?.[1] ?? "";
  return parseStatus(`${`${mark}\n`.repeat(marks.length)}${counts}`, []);
};
const counts = (all: number, without: number, required: number): string =>
  `olympus_administrators ${all}
olympus_administrators_without_second_factor ${without}
olympus_second_factor_required ${required}
`;

test.each([
  ["required, one without", counts(3, 1, 1), "3, 1 of them without", ["1 of 3 administrators log in with a"]],
  ["required, none without", counts(3, 0, 1), "3, 0 of them without", []],
  ["optional", counts(3, 2, 0), "3, 2 of them without", []],
])("a status counts administrators: %s", (_, text, shown, warned) => {
  const status = statusOf(text);
  expect(status.warnings).toEqual(warned.map((part) => expect.stringContaining(part)));
  expect(statusText("staging", status)).toContain(`  admins    ${shown}`);
  expect(statusText("staging", status)).toContain(warned.length ? "  ~ 1 of 3" : "");
});

test("and says nothing of them where the machine has not counted", () => {
  for (const text of ["", counts(3, 2, 0).replace(/olympus_second.*\n/, "")]) {
    expect(administratorsIn(text)).toBeUndefined();
    expect(statusText("staging", statusOf(text))).not.toContain("admins");
  }
});
