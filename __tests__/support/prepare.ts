// What `npm run test:prepare` runs: prepare.ts [tools]. Without an argument it prepares for all tests.
import { type Progress, stderrProgress } from "../../lib/progress.ts";
import { everything, OPERATOR, type Preparation, prepare } from "../../sandbox/prepare.ts";
import { ensureMigratedDatabases } from "../host/bundle/migrated-stack.ts";
import { ensureUnpacked } from "../host/bundle/overlay.ts";

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

prepare(process.argv[2] === "tools" ? OPERATOR : forAllTests(), stderrProgress).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
