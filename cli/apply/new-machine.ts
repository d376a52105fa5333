import { isTerminal } from "../../lib/process-env.ts";
import { stderrProgress as progress, step } from "../../lib/progress.ts";
import { inspectMachine } from "../release/change.ts";
import { firstLogin } from "../release/first-login.ts";
import type { ReleaseResult } from "../release/perform.ts";
import { type ReleaseOptions, release } from "../release/release.ts";
import { pushSecrets } from "../secrets/push.ts";
import type { MachineFacts } from "../shared/machine-facts.ts";
import { awaitMachine, connectToMachine } from "../shared/target.ts";

/**
 * Releases to a machine that may have been made a moment ago: waits until it answers, has its host key trusted, and brings its secrets
 * where it has none. After its first release the way in is shown to whoever sits at a terminal.
 */
export async function releaseToAny(
  environment: string,
  options: ReleaseOptions,
): Promise<ReleaseResult["outcome"]> {
  // Whoever names the machine knows that it is there.
  if (options.host === undefined)
    await step(progress, `machine of ${environment}`, () => awaitMachine(environment, options));
  const { hasSecrets, current } = await factsOf(environment, options);
  if (!hasSecrets) await pushSecrets(environment, options);
  const outcome = await release(environment, options);
  if (outcome !== "done" || current !== undefined) return outcome;
  if (isTerminal()) await firstLogin(environment);
  else
    console.log(
      `./olympus first-login ${environment}, on a terminal, shows how its first administrator logs in`,
    );
  return outcome;
}

async function factsOf(environment: string, options: ReleaseOptions): Promise<MachineFacts> {
  const remote = await connectToMachine(environment, options);
  try {
    return await inspectMachine(remote);
  } finally {
    await remote.close();
  }
}
