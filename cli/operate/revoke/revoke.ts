import { existsSync, readFileSync } from "node:fs";
import { loadFleet } from "../../../config/index.ts";
import { Failure } from "../../../lib/failure.ts";
import { stderrProgress as progress, step } from "../../../lib/progress.ts";
import { environmentNamed } from "../../shared/target.ts";
import { githubSteps } from "./github.ts";
import { type RevokeRun, revokeOnMachine } from "./machines.ts";
import { repositorySteps } from "./repository.ts";
import { type Leaver, left, type RevokeStep, revokeText } from "./steps.ts";

export interface RevokeOptions extends RevokeRun, Omit<Leaver, "name"> {
  readonly environment?: readonly string[];
  readonly json?: boolean;
}

const FORMS = {
  account: /^(none|[^\s@/?#&]{1,64}@[a-z0-9.-]{1,253})$/i,
  login: /^(none|[A-Za-z0-9](?:[A-Za-z0-9-]{0,38}))$/,
  age: /^(none|age1[a-z0-9]{20,})$/,
} as const;

/** Ends a person's ways in as far as a program may, and names the rest. Exit code 1 while something is left. */
export async function revoke(name: string, options: RevokeOptions): Promise<void> {
  const { base, reference, mirrors } = loadFleet();
  const leaver: Leaver = { name, account: options.account, login: options.login, age: options.age };
  for (const [option, form] of Object.entries(FORMS)) {
    const value = leaver[option as keyof typeof FORMS];
    if (value !== undefined && !form.test(value))
      throw new Failure(
        `--${option} ${value} is not one: an account is an e-mail address, age begins with age1; none says that they have none`,
      );
  }
  const all = [reference, ...mirrors].map((declared) => declared.name);
  const chosen = (options.environment ?? all).map(environmentNamed);
  if (options.host && chosen.length !== 1)
    throw new Failure("--host is one machine: name its environment with --environment");

  const steps: RevokeStep[] = [
    ...all
      .filter((env) => !chosen.some((one) => one.name === env))
      .map((env) => left(1, `${env}: not looked at: --environment`)),
  ];
  for (const env of chosen)
    steps.push(
      ...(await step(progress, `machine of ${env.name}`, () => revokeOnMachine(env, leaver, options))),
    );
  steps.push(...notSaid(leaver));
  steps.push(...(await githubSteps(leaver, base.repository)));
  const read = (path: string) => (existsSync(path) ? readFileSync(path, "utf8") : undefined);
  steps.push(...repositorySteps(leaver, base, all, read));

  const isLeft = steps.some(({ is }) => is === "left");
  console.log(
    options.json
      ? JSON.stringify({ ...leaver, nothingLeft: !isLeft, steps }, null, 2)
      : revokeText(leaver, steps, options.dryRun === true),
  );
  process.exitCode = isLeft ? 1 : 0;
}

/** What was not said is not "none". */
const notSaid = ({ account, login, age }: Leaver): RevokeStep[] => [
  ...(account === undefined
    ? [left(1, "their account was not looked for", "--account <e-mail address>, or none")]
    : []),
  ...(login === undefined ? [left(2, "GitHub was not asked", "--login <their login>, or none")] : []),
  ...(age === undefined ? [left(4, "their age key was not looked for", "--age <recipient>, or none")] : []),
];
