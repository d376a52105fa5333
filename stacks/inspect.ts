import { loadFleet, shipped } from "../config/index.ts";
import { thisRun } from "../config/run.ts";
import { readable } from "./failure.ts";
import { examine } from "./program.ts";

// Prints what is known of the fleet as JSON, for commands that must not load cdktf themselves. Writes nothing else.
try {
  process.stdout.write(JSON.stringify(examine(loadFleet(shipped, thisRun()))));
} catch (error) {
  console.error(readable(error));
  process.exitCode = 1;
}
