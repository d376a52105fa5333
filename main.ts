import { shipped } from "./config/environments.ts";
import { loadFleet } from "./config/index.ts";
import { requireOwnValues } from "./config/load/examples.ts";
import { refuseGuardedDestroy } from "./config/load/guarded.ts";
import { currentRunOverrides } from "./config/load/run.ts";
import { acceptedLines } from "./containment/report/accepted-lines.ts";
import { stacksToDestroy } from "./lib/cdktf-destroy.ts";
import { asksExpiry, outputDirectory, reachesRealClouds, stateDirectory } from "./lib/process-env.ts";
import { currentProviderLock } from "./lib/provider-lock.ts";
import { refuseForeignVariables, requireReadOnlyInit } from "./lib/terraform-environment.ts";
import { refuseUnsavedStates } from "./lib/unsaved-state.ts";
import { readable } from "./stacks/failure.ts";
import { write } from "./stacks/output.ts";

try {
  const fleet = loadFleet(shipped, currentRunOverrides());
  const doomed = stacksToDestroy();
  if (doomed) refuseGuardedDestroy(doomed, fleet);
  // A plain `npx cdktf` hands what its shell holds on to Terraform; here is the only place to refuse it.
  refuseForeignVariables(fleet.base.state.kind === "s3");
  refuseUnsavedStates(outputDirectory());
  const lock = currentProviderLock();
  if (reachesRealClouds()) {
    if (lock && fleet.base.state.kind === "s3") requireReadOnlyInit();
    // `cdktf deploy` begins here too: with tokens of real clouds, the example is not something to deploy.
    requireOwnValues(fleet);
  }
  // With no way around: every mirror is one and no rule is broken, or nothing is written.
  const { containment } = write(outputDirectory(), fleet, {
    stateDirectory: stateDirectory(),
    lock,
    today: asksExpiry() ? new Date() : undefined,
  });
  // Said every time: what is accepted knowingly is still open.
  for (const line of acceptedLines(fleet.base.accepts, containment)) console.error(line);
} catch (error) {
  console.error(readable(error));
  process.exitCode = 1;
}
