import { setTimeout as sleep } from "node:timers/promises";
import { stderrProgress as progress, step } from "../../sandbox/host/progress.ts";
import { Failure } from "../lib/failure.ts";
import type { Remote } from "../lib/remote.ts";
import { type Facts, INSPECT, parseFacts } from "./facts.ts";
import { newLock } from "./lock.ts";
import { PATIENCE, perform, type Result } from "./perform.ts";
import type { Plan } from "./plan.ts";
import { reach, type TargetOptions } from "./target.ts";
import { planJson, planText, resultText } from "./text.ts";

export interface ChangeOptions extends TargetOptions {
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** What a verb decides once it has seen the machine. */
export interface Decision {
  readonly plan: Plan;
  /** What happens on this side of the connection, for the reader of the plan. */
  readonly notes: readonly string[];
}

/**
 * Looks at the machine, lets `decide` make a plan, prints it, and carries it out under the machine's lock. Says how that
 * ended. `--dry-run` looks, prints and stops, without the lock.
 */
export async function change(
  environment: string,
  options: ChangeOptions,
  decide: (facts: Facts) => Decision,
  patience = PATIENCE,
): Promise<Result["outcome"]> {
  const lock = newLock();
  const remote = await reach(environment, options, options.dryRun ? undefined : lock.hold);
  try {
    const { plan, notes } = decide(await inspect(remote));
    if (options.dryRun || plan.isDone) {
      print(options, environment, plan, notes);
      return "done";
    }
    if (!options.json) console.log(planText(environment, { ...plan, steps: [] }, notes).split("\n")[0]);
    for (const note of notes) progress(note);
    const result = await perform(plan, (script, o) => remote.run(lock.fence(script), o), progress, patience);
    const { took, ...rest } = result;
    console.log(
      options.json
        ? JSON.stringify(
            { environment, verb: plan.verb, ...rest, milliseconds: Object.fromEntries(took) },
            null,
            2,
          )
        : resultText(environment, plan, result),
    );
    return result.outcome;
  } finally {
    await remote.close();
  }
}

function print(options: ChangeOptions, environment: string, plan: Plan, notes: readonly string[]): void {
  console.log(
    options.json
      ? JSON.stringify(planJson(environment, plan, notes), null, 2)
      : planText(environment, plan, notes),
  );
}

const BOOT_LIMIT_MS = 600_000;
const POLL_MS = 3000;

/** The facts, once the first boot is over: a release may follow right on the making of the server. */
export async function inspect(remote: Remote): Promise<Facts> {
  const facts = await look(remote);
  if (facts.boot !== "running") return facts;
  return await step(progress, "first boot of the machine", async () => {
    const end = Date.now() + BOOT_LIMIT_MS;
    for (;;) {
      await sleep(POLL_MS);
      const now = await look(remote);
      if (now.boot !== "running") return now;
      if (Date.now() > end) throw new Failure("The machine's first boot has not ended within 10 min.");
    }
  });
}

async function look(remote: Remote): Promise<Facts> {
  const { exitCode, stdout, stderr } = await remote.run(INSPECT);
  if (exitCode !== 0) throw new Failure(`The machine cannot be inspected: ${stderr.trim()}`);
  return parseFacts(stdout);
}
