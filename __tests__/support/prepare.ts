// What `npm run test:prepare` runs: prepare.ts [tools | long] [--ask]. Without an argument it prepares for all tests but the long;
// with --ask it only says what this computer lacks for them.
import { type Progress, stderrProgress } from "../../lib/progress.ts";
import { decideOrigins, keepOrigins, ownSource } from "../../sandbox/images/origins.ts";
import { ensureVmDisk } from "../../sandbox/machines/vm-disk.ts";
import { ALTERNATIVE_DEPLOYERS, everything, OPERATOR } from "../../sandbox/prepare.ts";
import { type Preparation, prepare, requirePreparable } from "../../sandbox/programs/preparation.ts";
import { ensureMigratedDatabases } from "../host/bundle/migrated-stack.ts";
import { ensureUnpacked } from "../host/bundle/overlay.ts";
import { VM_USER_DATA } from "../host/vm-user-data.ts";
import { ensurePlantedKratos } from "../host/whole/planted-kratos.ts";
import { fixtureFleet } from "./fleet/fleet.ts";

const forAllTests = (): Preparation => {
  const all = everything();
  const databases = {
    name: "migrated databases",
    seconds: 20,
    megabytes: 100,
    make: ensureMigratedDatabases,
  };
  const unpacked = (["postgres-18", "debian-13"] as const).map((name) => ({
    name: `${name}, unpacked`,
    seconds: 10,
    megabytes: 310,
    make: (progress: Progress) => ensureUnpacked(name, progress),
  }));
  return { ...all, artifacts: [...all.artifacts, ...unpacked, databases] };
};

/** Besides, the virtual machine of the long tests, from the very user data that it will boot, and other deployers. */
const forLongTests = (): Preparation => {
  const all = forAllTests();
  const disk = {
    name: "disk of a virtual machine",
    seconds: 120,
    megabytes: 1500,
    make: (progress: Progress) => ensureVmDisk(VM_USER_DATA, progress),
  };
  const kratos = {
    name: "Kratos with one migration more",
    seconds: 60,
    megabytes: 60,
    make: ensurePlantedKratos,
  };
  return {
    ...all,
    needs: { ...all.needs, tools: [...all.needs.tools, "qemu-system-x86_64"] },
    artifacts: [...all.artifacts, disk, kratos, ...ALTERNATIVE_DEPLOYERS],
  };
};

const preparations: Record<string, () => Preparation> = { tools: () => OPERATOR, long: forLongTests };
const [mode = ""] = process.argv.slice(2).filter((word) => word !== "--ask");
const chosen = preparations[mode] ?? forAllTests;

/** The origin of each program under test is decided here, before anything runs with it, and holds for the whole run. */
async function main(): Promise<void> {
  await requirePreparable([chosen()]);
  if (process.argv.includes("--ask")) return;
  if (mode !== "tools") {
    const pins = Object.values(fixtureFleet().base.images);
    await keepOrigins(await decideOrigins(pins, ownSource(), stderrProgress));
  }
  await prepare(chosen(), stderrProgress);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
