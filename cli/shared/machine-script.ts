import { z } from "zod";
import { BIN, DATA, ENVIRONMENT_FILE } from "../../host/machine-layout.ts";
import { Failure } from "../../lib/failure.ts";
import { parsedJson } from "../../lib/json.ts";
import { stderrProgress as progress, step } from "../../lib/progress.ts";
import { lastLines } from "../../lib/text.ts";
import { quote, type Remote } from "./ssh.ts";
import { connectToMachine, environmentNamed, type TargetOptions } from "./target.ts";

export interface MachineScriptOptions extends TargetOptions {
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

const LIMIT_MS = 4 * 3600 * 1000;
/** What the scripts of the machine leave of their last success or failure. */
const RESULTS_FOLDER = `${DATA}/backup`;

/** A verb that one script of the machine carries out. */
export interface MachineScript<Plan> {
  readonly verb: "backup" | "restore" | "drill";
  /** Script of the bundle and its arguments. */
  readonly command: readonly [string, ...string[]];
  /** Asks the machine what the plan depends on. Changes nothing. */
  plan(remote: Remote): Promise<Plan>;
  /** The plan as an operator reads it, a line each. */
  lines(plan: Plan): string[];
}

/** Prints the plan, then has the machine do it and prints its answer; `--dry-run` stops at the plan. */
export async function runOnMachine<Plan extends object>(
  environment: string,
  options: MachineScriptOptions,
  work: MachineScript<Plan>,
): Promise<void> {
  environmentNamed(environment);
  const { verb, command } = work;
  const remote = await connectToMachine(environment, options);
  try {
    const plan = await work.plan(remote);
    const text = [`${verb} of ${environment}`, ...work.lines(plan).map((line) => `  ${line}`)].join("\n");
    if (options.dryRun) {
      console.log(options.json ? JSON.stringify({ environment, verb, plan }, null, 2) : text);
      return;
    }
    console.error(text);
    const done = await step(progress, `${verb} on the machine`, () =>
      remote.run(scriptCommand(command), { timeoutMs: LIMIT_MS, onLine: (line) => progress(`  ${line}`) }),
    );
    if (done.exitCode !== 0)
      throw new Failure(
        `The ${verb} of ${environment} failed; docs/runbooks/${verb}.md says what to do.\n${lastLines(done.stderr)}`,
      );
    const answer =
      options.json && (await queryMachine(remote, `cat ${RESULTS_FOLDER}/${verb}.json`, z.looseObject({})));
    console.log(answer ? JSON.stringify({ environment, verb, ...answer }, null, 2) : done.stdout.trim());
  } finally {
    await remote.close();
  }
}

/** Shell text that runs a script of the current release. */
export const scriptCommand = ([name, ...args]: readonly [string, ...string[]]): string =>
  [`${BIN}/${name}`, ...args.map(quote)].join(" ");

/** Runs shell text on the machine and reads its answer as JSON of that shape. */
export async function queryMachine<T>(remote: Remote, command: string, shape: z.ZodType<T>): Promise<T> {
  const { exitCode, stdout, stderr } = await remote.run(command, { timeoutMs: 10 * 60_000 });
  if (exitCode !== 0) throw new Failure(`The machine could not be queried.\n${lastLines(stderr)}`);
  const answer = shape.safeParse(parsedJson(stdout));
  if (!answer.success)
    throw new Failure(`The machine's answer is not valid: ${z.prettifyError(answer.error)}`);
  return answer.data;
}

const last = z.looseObject({
  ok: z.boolean().optional(),
  at: z.string().optional(),
  reason: z.string().optional(),
});
const store = z.object({ repository: z.string(), last });
export type StoreFacts = z.infer<typeof store>;

/** Where the machine keeps its backups, and what it says of the last one. Changes nothing. */
export const storeFacts = (remote: Remote): Promise<StoreFacts> =>
  queryMachine(
    remote,
    [
      `last=$(cat ${RESULTS_FOLDER}/backup.json 2>/dev/null || echo '{}')`,
      `jq -n --arg repository "$(sed -n 's/^BACKUP_REPOSITORY=//p' ${ENVIRONMENT_FILE})" --argjson last "$last" '{$repository, $last}'`,
    ].join("\n"),
    store,
  );

export const lastLine = ({ last: { ok, at, reason } }: StoreFacts): string =>
  at ? `last     ${at} (${reason}), ${ok ? "stored" : "FAILED"}` : "last     none";
