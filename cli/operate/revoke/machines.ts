import { type Environment, servesRealPeople } from "../../../config/load/environment.ts";
import { Failure } from "../../../lib/failure.ts";
import { printableLine } from "../../../lib/printable.ts";
import { confirm } from "../../shared/prompt.ts";
import type { Remote } from "../../shared/ssh.ts";
import { connectToMachine, type TargetOptions } from "../../shared/target.ts";
import { withAccountApis } from "../account-apis.ts";
import { accountNow, endAccount } from "./account.ts";
import { done, given, type Leaver, left, type RevokeStep } from "./steps.ts";

const KEYS = "cat /etc/ssh/authorized_keys.d/olympus /home/olympus/.ssh/authorized_keys 2>/dev/null || true";

export interface RevokeRun extends TargetOptions {
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

/** Ends a person's account on an environment's machine, and looks whether the machine takes a key of theirs. */
export async function revokeOnMachine(
  env: Environment,
  leaver: Leaver,
  run: RevokeRun,
): Promise<RevokeStep[]> {
  try {
    const machine = await connectToMachine(env.name, run);
    try {
      return [
        ...(await revokeAccount(env, leaver, run, machine)),
        ...keySteps(env, leaver, (await machine.run(KEYS)).stdout),
      ];
    } finally {
      await machine.close();
    }
  } catch (error) {
    // Its first line: what a program has said is below it.
    const [why = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
    return [left(1, `${env.name}: not looked at: ${printableLine(why)}`, `./olympus status ${env.name}`)];
  }
}

async function revokeAccount(
  env: Environment,
  { account: said }: Leaver,
  run: RevokeRun,
  machine: Remote,
): Promise<RevokeStep[]> {
  const account = given(said);
  if (!account) return [];
  return withAccountApis(env, machine, "olympus revoke", async (apis) => {
    const before = await accountNow(apis, account);
    if (!before.ids.length) return [done(1, `${env.name}: there is no account of ${account}`)];
    const isEnded = !before.active.length && !before.openSessions;
    const was = before.active.length ? "is active" : "is inactive";
    const what = `${env.name}: the account ${was}, with ${before.openSessions} open sessions`;
    if (run.dryRun) return isEnded ? [done(1, what)] : [left(1, `${what}: it would be ended`)];
    if (!isEnded && servesRealPeople(env) && !run.yes) {
      if (!(await confirm(`${what}. End both?`, false))) throw new Failure("not confirmed");
    }
    await endAccount(apis, before);
    const after = await accountNow(apis, account);
    if (after.active.length || after.openSessions) return [left(1, `${env.name}: the account still opens`)];
    return [done(1, isEnded ? what : `${what}: both are ended`)];
  });
}

/** Keys that the machine takes and whose comment names the person. */
export const keySteps = (env: { name: string }, { name, account }: Leaver, keys: string): RevokeStep[] =>
  keys
    .split("\n")
    .map((line) => line.split(" ").slice(2).join(" "))
    .filter((comment) => comment && isNamedIn(comment, name, given(account)))
    .map((comment) =>
      left(
        3,
        `${env.name}: the machine takes a key «${printableLine(comment)}»`,
        `out of config/base.ts, then ./olympus release ${env.name}`,
      ),
    );

/** Whether a text has one of these as a word of its own. */
export const isNamedIn = (text: string, ...words: readonly (string | undefined)[]): boolean =>
  words.some(
    (word) =>
      word !== undefined &&
      text
        .toLowerCase()
        .split(/[^\w.@+-]+/)
        .includes(word.toLowerCase()),
  );
