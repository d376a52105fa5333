import { App } from "cdktf";
import { loadFleet, shipped } from "./config/index.ts";
import { currentRunOverrides } from "./config/load/run.ts";
import { outputDirectory, stateDirectory } from "./lib/process-env.ts";
import { readable } from "./stacks/failure.ts";
import { declare, validateFleet } from "./stacks/program.ts";
import { withoutStackTraces } from "./stacks/stack-traces.ts";

try {
  const fleet = loadFleet(shipped, currentRunOverrides());
  // Before anything is written, and with no way around: every mirror is one, and no rule is broken.
  validateFleet(fleet);
  const app = new App({ outdir: outputDirectory() });
  declare(app, fleet, stateDirectory());
  withoutStackTraces(() => app.synth());
} catch (error) {
  console.error(readable(error));
  process.exitCode = 1;
}
