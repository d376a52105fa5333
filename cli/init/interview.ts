import { isDeepStrictEqual } from "node:util";
import { ConfigError, type Problem } from "../../config/load/problems.ts";
import { printableLine } from "../../lib/printable.ts";
import { plainLine } from "../shared/prompt.ts";
import { answerProblems, problemsAt } from "./answer-problems.ts";
import type { Answers } from "./answers.ts";
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
  let answers = current;
  for (const question of asked) answers = await answered(question, answers);
  for (;;) {
    const problems = answerProblems(FILE, answers);
    const again = asked.filter(({ path }) => problemsAt(problems, placeText(path)).length);
    if (!problems.length) return answers;
    if (!again.length) throw new ConfigError(problems);
    console.error("\nNot everything fits together:");
    for (const question of again) answers = await answered(question, answers);
  }
}

/** Asks until the answer is valid. */
async function answered(question: InitQuestion, answers: Answers): Promise<Answers> {
  const { path, form, ask, why, how } = question;
  console.error(`\n${why}${how ? `\n  ${how}` : ""}`);
  for (const choice of (await question.choices?.(answers)) ?? []) console.error(`  ${printableLine(choice)}`);
  const proposed = await proposal(question, answers);
  for (;;) {
    const line = await plainLine(ask, proposed === undefined ? undefined : form.show(proposed));
    const value = form.read(await withHere(question, line));
    const next = withValue(answers, path, value);
    const problems = problemsAt(answerProblems(FILE, next), placeText(path));
    if (!problems.length) return next;
    console.error(problems.map(refusalText).join("\n"));
  }
}

/** What Enter means: what stands there, unless it is wrong or the example's; else what could be read. */
async function proposal(question: InitQuestion, answers: Answers): Promise<unknown> {
  const { path, offer, isFact } = question;
  const isSound = (value: unknown): boolean =>
    value !== undefined &&
    problemsAt(answerProblems(FILE, withValue(answers, path, value)), placeText(path)).length === 0;
  const present = valueAt(answers, path);
  const found = await offer?.(answers);
  const [first, second] = isFact ? [found, present] : [present, found];
  const chosen = [first, second].find(isSound);
  if (isSound(found) && !isDeepStrictEqual(found, chosen))
    console.error(`  found: ${printableLine(question.form.show(found))}`);
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
