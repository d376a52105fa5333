import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { cached, recipeKey } from "../../../lib/cache.ts";
import { type Progress, stderrProgress, step } from "../../../lib/progress.ts";
import { keptOrigins } from "../../../sandbox/images/origins.ts";
import { PROGRAMS, type ProgramName } from "../../../sandbox/programs/programs.ts";
import { ROOT_FILE_SYSTEMS } from "../../../sandbox/programs/root-file-systems.ts";
import { composeServices } from "./compose.ts";
import {
  closeStack,
  machine,
  migrateOry,
  openStackOn,
  POSTGRES_DATA,
  POSTGRES_USER,
  prepareDatabases,
} from "./stack.ts";
import { FILES } from "./values.ts";

/**
 * A machine with Postgres up and the bundle's databases as its migrations leave them. `prepareDatabases` gives the roles
 * the passwords of this run.
 */
export const openStack = async (further: readonly ProgramName[] = []): Promise<void> =>
  openStackOn(await ensureMigratedDatabases(stderrProgress), further);

const texts = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.name}\n${readFileSync(join(entry.parentPath, entry.name), "utf8")}`)
    .sort();

/** Archive of Postgres' data after the bundle's SQL and all migrations of Kratos and Hydra, made once for all tests. */
export async function ensureMigratedDatabases(progress: Progress): Promise<string> {
  const recipe = [
    ROOT_FILE_SYSTEMS["postgres-18"],
    [PROGRAMS.kratos, PROGRAMS.hydra],
    ...["kratos", "hydra"].flatMap((name) => keptOrigins().images[name as ProgramName]?.digest ?? []),
    ["postgres", "kratos", "hydra"].map((folder) => texts(join(FILES, folder))),
    composeServices(),
  ];
  const folder = await cached("databases", `${process.arch}-${recipeKey(recipe)}`, (aside) =>
    step(progress, "databases as the migrations leave them", () => migrate(join(aside, "databases.tar"))),
  );
  return join(folder, "databases.tar");
}

async function migrate(archive: string): Promise<void> {
  try {
    await openStackOn(undefined);
    const made = prepareDatabases();
    if (made.code !== 0) throw new Error(made.err);
    migrateOry();
    const stop = ["pg_ctl", "stop", "-m", "fast", "-D", `/${POSTGRES_DATA}/docker`];
    const stopped = machine.run(stop, { user: POSTGRES_USER });
    if (stopped.code !== 0) throw new Error(stopped.err);
    await execa("tar", ["-C", machine.root, "--numeric-owner", "-cf", archive, POSTGRES_DATA]);
  } finally {
    await closeStack();
  }
}
