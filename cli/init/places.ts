import { pathWith } from "../../lib/text.ts";
import { type Answers, type Fields, isBlock } from "./answers.ts";

/** A place as problems name it: `environments.prod.domain`. */
export const placeText = (path: readonly string[]): string => path.reduce<string>(pathWith, "");

export const valueAt = (answers: Answers, path: readonly string[]): unknown =>
  path.reduce<unknown>((at, key) => (isBlock(at) ? at[key] : undefined), answers);

/** The answers with another value at one place. */
export const withValue = (answers: Answers, path: readonly string[], value: unknown): Answers =>
  put(answers, path, value) as Answers;

function put(at: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value;
  const from: Fields = isBlock(at) ? at : {};
  return { ...from, [key]: put(from[key], rest, value) };
}
