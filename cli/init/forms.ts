import { isBlock } from "./answers.ts";
import { ownerOf, publicKeyIn } from "./offers/ssh-keys.ts";

/** How a value is typed in one line. */
export interface AnswerForm {
  show(value: unknown): string;
  read(line: string): unknown;
}

export const oneText: AnswerForm = { show: (value) => String(value ?? ""), read: (line) => line };

/** `a, b`, or `none`. */
export const wordList: AnswerForm = {
  show: (value) => (Array.isArray(value) && value.length ? value.join(", ") : "none"),
  read: (line) => (line === "none" ? [] : line.split(/[\s,]+/).filter(Boolean)),
};

/** `name=value, name=value`. `complete`: what a part without a name or a value means. */
const map = (complete: (part: string) => readonly [string, string]): AnswerForm => ({
  show: (value) =>
    isBlock(value)
      ? Object.entries(value)
          .map(([name, inner]) => `${name}=${inner}`)
          .join(", ") || "none"
      : "",
  read: (line) =>
    Object.fromEntries(
      (line === "none" ? "" : line)
        .split(/,\s+|,(?=[\w.-]+=)/)
        .map((part) => part.trim())
        .filter(Boolean)
        .map(complete),
    ),
});

const halves = (part: string): [string, string] => {
  const at = part.indexOf("=");
  return [part.slice(0, at).trim(), part.slice(at + 1).trim()];
};

/** Zones by name; the id of one that is known can be left out. */
export const zoneMap = (ids: Readonly<Record<string, string>>): AnswerForm =>
  map((part) => (part.includes("=") ? halves(part) : [part, ids[part] ?? ""]));

/** Public keys by owner; a `.pub` file stands for its line, and a key without an owner gets the one of its comment. */
export const keyMap: AnswerForm = map((part) => {
  const [name, value] = /^[\w-]+=/.test(part) ? halves(part) : ["", part];
  const key = value.endsWith(".pub") ? (publicKeyIn(value) ?? value) : value;
  return [name || ownerOf(key), key];
});

/** `local`, or `s3 <bucket prefix> <region> [<endpoint>]`. */
export const stateForm: AnswerForm = {
  show: (value) =>
    isBlock(value)
      ? [value.kind, value.bucketPrefix, value.region, value.endpoint].filter(Boolean).join(" ")
      : "",
  read: (line) => {
    const [kind, bucketPrefix, region, endpoint] = line.split(/\s+/);
    return kind === "s3" ? { kind, bucketPrefix, region, ...(endpoint && { endpoint }) } : { kind };
  },
};
