import pMap from "p-map";
import { printableLine } from "../../lib/printable.ts";
import { shortened } from "../../lib/text.ts";
import { type CheckedRow, type CheckOutcome, type Row, unsure } from "./row.ts";

const AT_ONCE = 6;
const LIMIT_MS = 60_000;
const WIDTH = 300;

/**
 * Checks rows, some at a time, in their order. One whose needs are not done waits and is not asked; one that fails or does not
 * answer in time is unknown. Throws only where a row needs another that does not stand before it.
 */
export async function checkRows(rows: readonly Row[], limitMs = LIMIT_MS): Promise<CheckedRow[]> {
  const known = new Map<string, Promise<CheckedRow>>();
  return pMap(
    rows,
    (row) => {
      const before = (row.needs ?? []).map((id) => {
        const needed = known.get(id);
        if (!needed) throw new Error(`${row.id} needs ${id}, which does not stand before it`);
        return needed;
      });
      const checked = checkRow(row, before, limitMs);
      known.set(row.id, checked);
      return checked;
    },
    { concurrency: AT_ONCE },
  );
}

async function checkRow(
  { check, fix: _, ...row }: Row,
  before: readonly Promise<CheckedRow>[],
  limitMs: number,
): Promise<CheckedRow> {
  const first = (await Promise.all(before)).find(({ state }) => state !== "done");
  const waitsFor = first && (first.waitsFor ?? first.id);
  if (waitsFor) return { ...row, state: "waits", found: `is asked when ${waitsFor} is done`, waitsFor };
  const outcome = await withinLimit(check, limitMs);
  return { ...row, ...outcome, found: shortened(printableLine(outcome.found.trim()), WIDTH) };
}

async function withinLimit(check: Row["check"], limitMs: number): Promise<CheckOutcome> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<CheckOutcome>((resolve) => {
    timer = setTimeout(() => resolve(unsure(`no answer within ${limitMs / 1000} s`)), limitMs);
  });
  try {
    return await Promise.race([Promise.resolve().then(check), late]);
  } catch (error) {
    return unsure(error instanceof Error ? error.message : String(error));
  } finally {
    clearTimeout(timer);
  }
}
