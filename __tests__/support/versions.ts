// What scripts/test.sh ends with: which versions were tested and which are pinned. Fails where a program differs from its
// pin though the pinned version could be built here, or its image was in reach.

import { stderrProgress } from "../../lib/progress.ts";
import { keptOrigins } from "../../sandbox/images/origins.ts";
import { CANNOT_MATCH, type ProgramUnderTest, programUnderTest } from "../../sandbox/images/under-test.ts";
import { ensureUnpacked } from "../host/bundle/overlay.ts";
import { fixtureFleet } from "./fleet/fleet.ts";
import { versionTable } from "./version-table.ts";

const postgresRoot = () => ensureUnpacked("postgres-18", stderrProgress);

async function main(): Promise<void> {
  const origins = keptOrigins();
  const rows: ProgramUnderTest[] = [];
  for (const [program, pin] of Object.entries(fixtureFleet().base.images))
    rows.push(await programUnderTest(program, pin, postgresRoot, origins));
  console.log(versionTable(rows, CANNOT_MATCH, origins.registries));
  if (rows.some(({ state }) => state === "differs")) process.exitCode = 1;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
