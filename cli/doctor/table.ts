import { configurationRows } from "./configuration.ts";
import { githubRows } from "./github.ts";
import { machineRows, optionalMachineRows } from "./machine.ts";
import { operationRows } from "./operations.ts";
import { peopleRows } from "./people.ts";
import { releaseRows } from "./release.ts";
import type { Row } from "./row.ts";
import { secretRows } from "./secrets.ts";
import type { DoctorSources } from "./sources.ts";
import { stateRows } from "./state.ts";
import type { DoctorSubject } from "./subject.ts";
import { tokenRows } from "./tokens.ts";
import { zoneRows } from "./zone.ts";

/** Groups of rows, in the order in which one comes after another. */
const GROUPS: readonly ((subject: DoctorSubject, sources: DoctorSources) => readonly Row[])[] = [
  machineRows,
  optionalMachineRows,
  configurationRows,
  tokenRows,
  zoneRows,
  stateRows,
  secretRows,
  releaseRows,
  peopleRows,
  githubRows,
  operationRows,
];

/** Everything between a clone and a running pipeline of these environments, in order. What they share stands once. */
export function doctorRows(subjects: readonly DoctorSubject[], sources: DoctorSources): Row[] {
  const all = GROUPS.flatMap((group) => subjects.flatMap((subject) => group(subject, sources)));
  return all.filter(({ id }, index) => all.findIndex((row) => row.id === id) === index);
}
