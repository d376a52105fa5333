import { existsSync, readFileSync } from "node:fs";
import { basename, resolve } from "node:path";
import { ConfigError } from "../../config/load/problems.ts";
import { UNFINISHED } from "../../config/load/unfinished.ts";
import { Failure } from "../../lib/failure.ts";
import { callerDirectory, isTerminal } from "../../lib/process-env.ts";
import { ageKeyFile } from "../secrets/age-identity.ts";
import { confirm } from "../shared/prompt.ts";
import { answerProblems } from "./answer-problems.ts";
import { type Answers, answersOf, readAnswers } from "./answers.ts";
import { answersText } from "./answers-text.ts";
import { deployKeyFiles, deployKeysFor, withDeployKeys } from "./deploy-keys.ts";
import { diffText } from "./diff.ts";
import type { FileChange } from "./file-change.ts";
import { filesFor } from "./files.ts";
import { completed, interview } from "./interview.ts";
import { finish, putInPlace } from "./put-in-place.ts";
import { tryOut } from "./trial.ts";

export interface InitOptions {
  readonly from?: string;
  readonly answers?: boolean;
  readonly yes?: boolean;
}

/**
 * Asks what only a person knows, or reads it from a file, and makes the checkout say it: configuration, certificate requests,
 * who may read the secrets. Everything is made and tried out aside, shown, and put in place together. Can be run again.
 */
export async function initCheckout({ from, answers: printsAnswers, yes }: InitOptions): Promise<void> {
  if (printsAnswers) return console.log(currentAnswersText());
  const late = finish();
  if (late.length)
    return console.log(
      `An earlier run was stopped after its changes were agreed to. The rest of them is in place now:\n${late.map((file) => `  ${file}`).join("\n")}\nTo change more, run it again.`,
    );
  if (from === undefined && !isTerminal())
    throw new Failure(
      "There is no terminal to ask at. Nothing was written.\n`./olympus init --answers > answers.yaml` writes what there is; change it, then `./olympus init --from answers.yaml --yes`.",
    );
  const keys = await deployKeysFor(answersOf());
  const current = withDeployKeys(answersOf(), keys);
  const answers = from === undefined ? await interview(current) : await answersIn(from, current);
  const changes = [...(await filesFor(answers)), ...deployKeyFiles(answers, keys)];
  if (!changes.length) return console.log("The checkout says all of this already: nothing was changed.");
  await tryOut(answers, changes);
  console.log(diffText(changes));
  await requireConsent(yes);
  putInPlace(changes);
  console.log(`\n${changes.length} files are in place.\n${nextSteps(changes)}`);
}

function currentAnswersText(): string {
  if (existsSync(UNFINISHED))
    throw new Failure(`${UNFINISHED} is there: an earlier run was stopped. Run \`./olympus init\` first.`);
  return answersText(answersOf());
}

/** The answers of a file. Throws with everything that is wrong in it. */
async function answersIn(from: string, current: Answers): Promise<Answers> {
  const name = basename(from);
  const { answers: read, problems, given } = readAnswers(name, textOf(from), current);
  const answers = await completed(read, given, current);
  const all = [...problems, ...answerProblems(name, answers)];
  if (all.length) throw new ConfigError(all);
  return answers;
}

function textOf(from: string): string {
  try {
    return readFileSync(from === "-" ? 0 : resolve(callerDirectory(), from), "utf8");
  } catch (error) {
    throw new Failure(
      `${from} cannot be read (${(error as NodeJS.ErrnoException).code}). Nothing was written.`,
    );
  }
}

async function requireConsent(yes: boolean | undefined): Promise<void> {
  if (yes) return;
  if (!isTerminal()) throw new Failure("\nNothing was written. With --yes it is put in place.");
  if (!(await confirm("Put this in place?", true))) throw new Failure("Nothing was written.");
}

function nextSteps(changes: readonly FileChange[]): string {
  const madeKey = changes.some(({ file }) => file === ageKeyFile());
  return [
    ...(madeKey ? [`Back up ${ageKeyFile()}: nothing else opens the secrets.`] : []),
    "Read `git diff`. Next:",
    "  ./olympus doctor --fix, which does what needs no person and says what is left; then commit",
  ].join("\n");
}
