import { z } from "zod";
import { type Environment, servesRealPeople } from "../../config/load/environment.ts";
import { Failure } from "../../lib/failure.ts";
import { expectJson } from "../shared/http-client.ts";
import { confirm } from "../shared/prompt.ts";
import type { Remote } from "../shared/ssh.ts";
import { connectToMachine, environmentNamed, type TargetOptions } from "../shared/target.ts";
import { type AccountApis, deleteAt, endSessions, withAccountApis } from "./account-apis.ts";
import { accountNow } from "./revoke/account.ts";

export interface SecondFactorOptions extends TargetOptions {
  readonly remove?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** What Kratos takes as a second factor and an administrator may take away. Keys of a browser that log in by themselves stay. */
const KINDS = ["totp", "webauthn", "lookup_secret"] as const;

const identity = z.object({ credentials: z.record(z.string(), z.unknown()) });

/** Whether an employee has a second factor, and what is open. */
export interface FactorState {
  readonly id: string;
  readonly factors: readonly string[];
  readonly openSessions: number;
}

/**
 * Shows whether an employee has a second factor. With `remove` it is taken away and their sessions end: the way in for whoever has
 * lost it. Asks before it touches an environment that serves real people.
 */
export async function secondFactor(
  name: string,
  account: string,
  options: SecondFactorOptions,
): Promise<void> {
  const env = environmentNamed(name);
  if (!/^[^\s@]+@[^\s@]+$/.test(account))
    throw new Failure(`${account}: expected the e-mail address that the person logs in with`);
  const machine = await connectToMachine(name, options);
  try {
    await withAccountApis(env, machine, "olympus second-factor", async (apis) => {
      const before = await factorState(apis, env, account);
      if (options.remove)
        await remove(env, account, before, { apis, machine, isConfirmed: options.yes === true });
      const after = options.remove ? await factorState(apis, env, account) : before;
      if (options.remove && (after.factors.length || after.openSessions))
        throw new Failure(`${name}: ${factorText(account, after)} still. Run it again.`);
      const { id, ...state } = after;
      console.log(
        options.json
          ? JSON.stringify(
              { environment: name, account, id, ...state, removed: options.remove === true },
              null,
              2,
            )
          : options.remove
            ? `${name}: ${account} logs in with the password alone; ${before.openSessions} sessions are ended`
            : `${name}: ${factorText(account, after)}`,
      );
    });
  } finally {
    await machine.close();
  }
}

async function factorState(apis: AccountApis, env: Environment, account: string): Promise<FactorState> {
  const { ids, openSessions } = await accountNow(apis, account);
  const [id] = ids;
  if (id === undefined) throw new Failure(`${env.name}: no employee logs in as ${account}`);
  const answer = await apis.kratos("GET", `/admin/identities/${id}`);
  const { credentials } = identity.parse(expectJson("Kratos' account", answer, 200));
  return { id, factors: KINDS.filter((kind) => kind in credentials), openSessions };
}

interface Removal {
  readonly apis: AccountApis;
  readonly machine: Pick<Remote, "run">;
  readonly isConfirmed: boolean;
}

/** Written to the machine's journal before anything is changed; each step may be done twice. */
async function remove(
  env: Environment,
  account: string,
  state: FactorState,
  { apis, machine, isConfirmed }: Removal,
): Promise<void> {
  const question = `${env.name}: ${factorText(account, state)}. Let them in with the password alone, and end the sessions?`;
  if (servesRealPeople(env) && !isConfirmed && !(await confirm(question, false)))
    throw new Failure("not confirmed");
  const input = [
    "SYSLOG_IDENTIFIER=olympus-second-factor",
    "PRIORITY=5",
    `MESSAGE=second factor of ${state.id} removed (${state.factors.join(", ") || "none"}), sessions ended: ${state.openSessions}`,
    "",
  ].join("\n");
  const { exitCode, stderr } = await machine.run("logger --journald", { input });
  if (exitCode !== 0) throw new Failure(`The machine's journal takes no entry: ${stderr.trim()}`);
  for (const kind of KINDS) await deleteAt(apis.kratos, `/admin/identities/${state.id}/credentials/${kind}`);
  await endSessions(apis, state.id);
}

/** A line for a person. */
export const factorText = (account: string, { factors, openSessions }: FactorState): string =>
  `${account} has ${factors.length ? `a second factor (${factors.join(", ")})` : "no second factor"}, and ${openSessions} open sessions`;
