import { shipped } from "../config/environments.ts";
import { loadFleet } from "../config/index.ts";
import { currentRunOverrides } from "../config/load/run.ts";
import { serviceReach } from "../containment/services.ts";
import { stateDirectory } from "../lib/process-env.ts";
import { secretKeys } from "../secrets/secret-keys.ts";
import { readable } from "./failure.ts";
import { checkFleet } from "./program.ts";
import { machineNetworks } from "./service-facts.ts";

// Prints what is known of the fleet as JSON, for commands that must not load cdktf themselves. Writes nothing else.
try {
  process.stdout.write(
    JSON.stringify({
      ...checkFleet(loadFleet(shipped, currentRunOverrides()), stateDirectory(), undefined, new Date()),
      services: serviceReach(machineNetworks(), secretKeys()),
    }),
  );
} catch (error) {
  console.error(readable(error));
  process.exitCode = 1;
}
