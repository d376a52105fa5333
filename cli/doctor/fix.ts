import { Failure } from "../../lib/failure.ts";
import { printable } from "../../lib/printable.ts";
import { isTerminal } from "../../lib/process-env.ts";
import { confirm } from "../shared/prompt.ts";
import { checkRows } from "./check-rows.ts";
import type { CheckedRow, Row } from "./row.ts";

/** Each fix may make another row one that can be asked. */
const ROUNDS = 5;

/**
 * Does what needs no person, row by row: shows what is wrong and what it would do, asks, does it, and asks the row again. `isMeant`:
 * whether a row may be touched.
 * Returns the rows as they are then. Throws a {@link Failure} where nobody is there to be asked.
 */
export async function fixRows(
  rows: readonly Row[],
  yes: boolean,
  isMeant: (id: string) => boolean = () => true,
): Promise<CheckedRow[]> {
  if (!yes && !isTerminal())
    throw new Failure(
      "--fix asks before each change: run it on a terminal, or with --yes. Nothing was changed.",
    );
  const tried = new Set<string>();
  for (let round = 0; round < ROUNDS; round++) {
    const checked = await checkRows(rows);
    const open = rows.filter(
      ({ id, fix }) =>
        fix &&
        isMeant(id) &&
        !tried.has(id) &&
        checked.some((row) => row.id === id && row.state === "missing"),
    );
    if (!open.length) return checked;
    for (const row of open) {
      tried.add(row.id);
      await fixRow(row, checked.find(({ id }) => id === row.id)?.found ?? "", yes);
    }
  }
  return checkRows(rows);
}

async function fixRow({ id, title, fix, check }: Row, found: string, yes: boolean): Promise<void> {
  const plan = await fix?.();
  if (!plan) return;
  const say = (line: string) => console.error(printable(line));
  say(`${id}: ${title}`);
  say(`  before  ${found}`);
  for (const line of plan.lines) say(`  change  ${line}`);
  if (!yes && !(await confirm(`Do this?`, false))) return say("  left as it is");
  await plan.apply().catch((error: unknown) => say(`  failed  ${(error as Error).message.trim()}`));
  const after = await Promise.resolve(check()).catch((error: Error) => ({
    state: "unknown",
    found: error.message,
  }));
  say(`  after   ${after.state === "done" ? "done: " : ""}${after.found}`);
}
