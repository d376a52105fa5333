import { printable } from "../../lib/printable.ts";
import type { CheckedRow, RowState } from "./row.ts";

const MARKS: Readonly<Record<RowState, string>> = {
  done: "ok",
  missing: "TO DO",
  unknown: "?",
  waits: "waits",
};

/** Whether everything that counts is done. */
export const allDone = (rows: readonly CheckedRow[]): boolean => counted(rows).every(isOver);

/** The first row that a person can do something about. */
export const nextStep = (rows: readonly CheckedRow[]): CheckedRow | undefined =>
  counted(rows).find(({ state }) => state === "missing") ??
  counted(rows).find(({ state }) => state === "unknown");

const counted = (rows: readonly CheckedRow[]) => rows.filter(({ isOptional }) => !isOptional);
const isOver = ({ state }: CheckedRow): boolean => state === "done";

/** The list as a person works through it: what is done in a line, what is not with its remedy. */
export function doctorText(names: readonly string[], rows: readonly CheckedRow[]): string {
  const next = nextStep(rows);
  const over = counted(rows).filter(isOver).length;
  const verdict = `${names.join(", ")}: ${over} of ${counted(rows).length} are done`;
  const lines = [
    ...rows.map(rowText),
    "",
    next ? `${verdict}. The next step is ${next.id}: ${next.title}` : `${verdict}.`,
    ...(next ? next.remedy.map((line) => `  ${line}`) : []),
  ];
  return printable(lines.join("\n"));
}

function rowText({ id, title, state, found, remedy, page, isOptional, waitsFor }: CheckedRow): string {
  const head = `${(isOptional && state !== "done" ? "optional" : MARKS[state]).padEnd(9)}${id.padEnd(32)} ${title}`;
  if (state === "done") return head;
  if (state === "waits") return `${head} (after ${waitsFor})`;
  const indent = " ".repeat(9);
  return [
    head,
    `${indent}${found}`,
    ...remedy.map((line) => `${indent}> ${line}`),
    `${indent}  ${page}`,
  ].join("\n");
}

/** The same for programs. */
export const doctorJson = (names: readonly string[], rows: readonly CheckedRow[]): string =>
  printable(
    JSON.stringify(
      { environments: names, ok: allDone(rows), next: nextStep(rows)?.id ?? null, rows },
      null,
      2,
    ),
  );
