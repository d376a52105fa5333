import { setTimeout as sleep } from "node:timers/promises";
import { Failure } from "../../lib/failure.ts";
import { stderrProgress as progress, step } from "../../lib/progress.ts";
import { INSPECT, type MachineFacts, parseFacts } from "../shared/machine-facts.ts";
import { newLock } from "../shared/machine-lock.ts";
import type { Remote } from "../shared/ssh.ts";
import { connectToMachine, type TargetOptions } from "../shared/target.ts";
import { PATIENCE, perform, type ReleaseResult } from "./perform.ts";
import type { ReleasePlan } from "./plan.ts";
import { releasePlanJson, releasePlanText, releaseResultText } from "./text.ts";
import { READ_VISITORS, visitorsBetween } from "./visitors.ts";

export interface ChangeOptions extends TargetOptions {
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** What a verb decides once it has seen the machine. */
export interface Decision {
  readonly plan: ReleasePlan;
  /** What happens on this side of the connection, for the reader of the plan. */
  readonly notes: readonly string[];
}

/**
 * Looks at the machine, lets `decide` make a plan, prints it, and carries it out under the machine's lock. Says how that
 * ended. `--dry-run` looks, prints and stops, without the lock.
 */
export async function changeMachine(
  environment: string,
  options: ChangeOptions,
  decide: (facts: MachineFacts, remote: Remote) => Decision | Promise<Decision>,
  patience = PATIENCE,
): Promise<ReleaseResult["outcome"]> {
  const lock = newLock();
  const remote = await connectToMachine(environment, options, options.dryRun ? undefined : lock.hold);
  try {
    const { plan, notes } = await decide(await inspectMachine(remote), remote);
    if (options.dryRun || plan.isDone) {
      print(options, environment, plan, notes);
      return "done";
    }
    if (!options.json)
      console.log(releasePlanText(environment, { ...plan, steps: [] }, notes).split("\n")[0]);
    for (const note of notes) progress(note);
    const before = (await remote.run(READ_VISITORS)).stdout;
    const result = await perform(plan, (script, o) => remote.run(lock.fence(script), o), progress, patience);
    const visitors = visitorsBetween(before, (await remote.run(READ_VISITORS)).stdout);
    const { took, ...rest } = result;
    console.log(
      options.json
        ? JSON.stringify(
            { environment, verb: plan.verb, ...rest, visitors, milliseconds: Object.fromEntries(took) },
            null,
            2,
          )
        : releaseResultText(environment, plan, result, visitors),
    );
    return result.outcome;
  } finally {
    await remote.close();
  }
}

function print(
  options: ChangeOptions,
  environment: string,
  plan: ReleasePlan,
  notes: readonly string[],
): void {
  console.log(
    options.json
      ? JSON.stringify(releasePlanJson(environment, plan, notes), null, 2)
      : releasePlanText(environment, plan, notes),
  );
}

const BOOT_LIMIT_MS = 600_000;
const POLL_MS = 3000;

/** The facts, once the first boot is over: a release may follow right on the making of the server. */
export async function inspectMachine(remote: Remote): Promise<MachineFacts> {
  const facts = await readFacts(remote);
  if (facts.boot !== "running") return facts;
  return await step(progress, "first boot of the machine", async () => {
    const end = Date.now() + BOOT_LIMIT_MS;
    for (;;) {
      await sleep(POLL_MS);
      const now = await readFacts(remote);
      if (now.boot !== "running") return now;
      if (Date.now() > end) throw new Failure("The machine's first boot has not ended within 10 min.");
    }
  });
}

async function readFacts(remote: Remote): Promise<MachineFacts> {
  const { exitCode, stdout, stderr } = await remote.run(INSPECT);
  if (exitCode !== 0) throw new Failure(`The machine cannot be inspected: ${stderr.trim()}`);
  return parseFacts(stdout);
}
