import { App } from "cdktf";
import { loadFleet, shipped } from "./config/index.ts";
import { outputDirectory, stateDirectory } from "./config/process-env.ts";
import { thisRun } from "./config/run.ts";
import { readable } from "./stacks/failure.ts";
import { declare, prove } from "./stacks/program.ts";
import { withoutStackTraces } from "./stacks/stack-traces.ts";

try {
  const fleet = loadFleet(shipped, thisRun());
  // Before anything is written, and with no way around: every mirror is one, and no rule is broken.
  prove(fleet);
  const app = new App({ outdir: outputDirectory() });
  declare(app, fleet, stateDirectory());
  withoutStackTraces(() => app.synth());
} catch (error) {
  console.error(readable(error));
  process.exitCode = 1;
}
