import { fixRows } from "../doctor/fix.ts";
import type { CheckedRow, Row } from "../doctor/row.ts";
import { createDoctorSources } from "../doctor/sources.ts";
import { subjects } from "../doctor/subject.ts";
import { doctorRows } from "../doctor/table.ts";
import type { TargetOptions } from "../shared/target.ts";

/** Rows of the doctor that a deploy makes ready to be done: who logs in for tests, what GitHub and the clock must know of it. */
const FOLLOWS = ["people", "github.secrets", "github.variables", "clock"];
/** And what all environments share: main takes no push any more once its first has come. */
const SHARED = ["github.main"];

/** Does what follows from a deploy and needs no person, and says what of it is left to one. Safe to run again. */
export async function followDeploy(environment: string, options: TargetOptions): Promise<void> {
  const ids = [...SHARED, ...FOLLOWS.map((group) => `${group}.${environment}`)];
  const rows = withNeeds(doctorRows(subjects(environment), createDoctorSources(options)), ids);
  const checked = await fixRows(rows, true, (id) => ids.includes(id));
  console.log(
    followText(
      environment,
      checked.filter(({ id }) => ids.includes(id)),
    ),
  );
}

/** These rows, and those before them without which they cannot be asked. */
export function withNeeds(rows: readonly Row[], ids: readonly string[]): Row[] {
  const wanted = new Set(ids);
  for (const { id, needs } of [...rows].reverse())
    if (wanted.has(id)) for (const need of needs ?? []) wanted.add(need);
  return rows.filter(({ id }) => wanted.has(id));
}

/** What is left, a line each; the doctor has the remedies. */
export function followText(environment: string, rows: readonly CheckedRow[]): string {
  const open = rows.filter(({ state }) => state !== "done");
  return [
    ...open.map(({ title, found }) => `to do  ${title}: ${found}`),
    open.length
      ? `Next: ./olympus doctor ${environment}, which says how`
      : `${environment}: what follows from a deploy is done, too`,
  ].join("\n");
}
