import { upAndHealthy } from "./activate.ts";
import { type ChangeOptions, changeMachine, type Decision } from "./change.ts";

/**
 * Has the services that read a changed secret made of it, and waits for health; the others are not touched. Exit code 1 when the
 * machine is not healthy with it.
 */
export async function takeEffect(environment: string, options: ChangeOptions): Promise<void> {
  const outcome = await changeMachine(environment, options, ({ current: release = "" }): Decision => {
    const steps = upAndHealthy(release);
    return { plan: { verb: "secrets", release, isDone: false, steps }, notes: [] };
  });
  if (outcome !== "done") process.exitCode = 1;
}
