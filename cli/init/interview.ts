import { isDeepStrictEqual } from "node:util";
import { isOfExample } from "../../config/load/examples.ts";
import { ConfigError, type Problem } from "../../config/load/problems.ts";
import { printableLine } from "../../lib/printable.ts";
import { plainLine } from "../shared/prompt.ts";
import { answerProblems, problemsAt } from "./answer-problems.ts";
import { type Answers, type Fields, isBlock } from "./answers.ts";
import { placeText, valueAt, withValue } from "./places.ts";
import type { InitQuestion } from "./question.ts";
import { questions } from "./questions.ts";

const FILE = "your answers";

/**
 * Asks a person everything, with what is there or can be read as Enter's answer, and again for what does not fit together.
 * Throws a {@link ConfigError} for a problem that no question is about, and a Failure when the person stops.
 */
export async function interview(current: Answers): Promise<Answers> {
  const asked = await questions(current);
  const isFresh = isExample(current);
  let answers = current;
  for (const question of asked) answers = await answered(question, answers, isFresh);
  for (;;) {
    const problems = answerProblems(FILE, answers);
    const again = asked.filter(({ path }) => problemsAt(problems, placeText(path)).length);
    if (!problems.length) return answers;
    if (!again.length) throw new ConfigError(problems);
    console.error("\nNot everything fits together:");
    for (const question of again) answers = await answered(question, answers, false);
  }
}

/** Asks until the answer is valid. */
async function answered(question: InitQuestion, answers: Answers, isFresh: boolean): Promise<Answers> {
  const { path, form, ask, why, how } = question;
  console.error(`\n${why}${how ? `\n  ${how}` : ""}`);
  for (const choice of (await question.choices?.(answers)) ?? []) console.error(`  ${printableLine(choice)}`);
  const proposed = await proposal(question, answers, isFresh);
  for (;;) {
    const line = await plainLine(ask, proposed === undefined ? undefined : form.show(proposed));
    const value = form.read(await withHere(question, line));
    const next = withValue(answers, path, value);
    const problems = problemsAt(answerProblems(FILE, next), placeText(path));
    if (!problems.length) return next;
    console.error(problems.map(refusalText).join("\n"));
  }
}

/** Whether a checkout still has the shipped example's zone: what can be read then counts more than what stands there. */
const isExample = ({ zones }: Answers): boolean => isBlock(zones) && Object.keys(zones).some(isOfExample);

/** The answers with all that a fresh checkout does not have from its person and that can be read. `given`: what they wrote themselves. */
export async function completed(answers: Answers, given: Fields, current: Answers): Promise<Answers> {
  let all = answers;
  if (!isExample(current)) return all;
  for (const { path, offer } of await questions(answers)) {
    if (valueAt(given as Answers, path) !== undefined) continue;
    const found = await offer?.(all);
    if (isSound(all, path, found)) all = withValue(all, path, found);
  }
  return all;
}

const isSound = (answers: Answers, path: readonly string[], value: unknown): boolean =>
  value !== undefined &&
  problemsAt(answerProblems(FILE, withValue(answers, path, value)), placeText(path)).length === 0;

/** What Enter means: what stands there, unless it is wrong or the example's; else what could be read. */
async function proposal(
  { path, offer, isFact, form }: InitQuestion,
  answers: Answers,
  isFresh: boolean,
): Promise<unknown> {
  const present = valueAt(answers, path);
  const found = await offer?.(answers);
  const [first, second] = isFact || isFresh ? [found, present] : [present, found];
  const chosen = [first, second].find((value) => isSound(answers, path, value));
  if (isSound(answers, path, found) && !isDeepStrictEqual(found, chosen))
    console.error(`  found: ${printableLine(form.show(found))}`);
  return chosen;
}

/** `here` becomes what it stands for, where that is known. */
async function withHere({ here }: InitQuestion, line: string): Promise<string> {
  if (!here || !/\bhere\b/.test(line)) return line;
  const range = await here();
  if (!range) console.error("  Cloudflare did not answer where this computer's connections come from.");
  return line.replace(/\bhere\b/, range ?? "here");
}

const refusalText = ({ value, allowed, remedy }: Problem): string =>
  `  ${value} is refused\n  allowed  ${allowed}\n  do       ${remedy}`;
