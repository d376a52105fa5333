import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { TRACKED } from "../../support/sources.ts";
import { ANYWHERE } from "./anywhere.ts";
import { kindOf } from "./kinds.ts";
import { blanked, placesOf, type Question, questionsOf } from "./question.ts";
import { MESSAGE } from "./shell.ts";

const HERE = "__tests__/host/branches";

/** Files that are the same on every machine, and those that only machines with extras have. */
const files = TRACKED.filter((file) => /^host\/(release|release-staging|bootstrap)\//.test(file));
const read = (file: string): string => readFileSync(file, "utf8");

function questions(file: string, text: string): Question[] {
  const kind = kindOf(file);
  if (!kind)
    return [{ file, line: 1, text: text.split("\n")[0] ?? "", asks: "what no test knows how to read" }];
  const code = kind.comments ? blanked(text, kind.comments) : text;
  const said = blanked(code, MESSAGE);
  return questionsOf(file, text, [...kind.asked(text), ...placesOf(said, ANYWHERE)]);
}

/** Places that may ask, by file, each with its reason. */
const PLACES = parse(read(`${HERE}/places.yaml`)) as { file: string; may: string; why: string }[];
const allowed = PLACES.flatMap(({ file, may }) =>
  may
    .trimEnd()
    .split("\n")
    .map((line) => `${file}: ${line.trim()}`),
);

/** Questions that are not on the list; a line that is there twice counts twice. */
function unlisted(found: readonly Question[]): Question[] {
  const left = [...allowed];
  return found.filter(({ file, text }) => {
    const at = left.indexOf(`${file}: ${text}`);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

const shown = ({ file, line, text, asks }: Question): string => `${file}:${line} asks ${asks}: ${text}`;

describe("shared files are one program in every environment", () => {
  test("none asks which environment it is in, but for the places of the list", () => {
    expect(unlisted(files.flatMap((file) => questions(file, read(file)))).map(shown)).toEqual([]);
  });

  test("each place of the list is there, asks, and has a reason", () => {
    const found = files
      .flatMap((file) => questions(file, read(file)))
      .map(({ file, text }) => `${file}: ${text}`);
    for (const place of allowed) {
      const at = found.indexOf(place);
      expect(at, `${place} is listed and does not ask`).toBeGreaterThanOrEqual(0);
      found.splice(at, 1);
    }
    for (const { file, why } of PLACES) expect(why?.length, file).toBeGreaterThan(30);
  });

  test("a kind of file that nobody has thought of is refused", () => {
    expect(unlisted(questions("host/release/bin/tool.lua", "print(1)\n"))).toHaveLength(1);
  });
});

const PLANTED = [...read(`${HERE}/planted.txt`).matchAll(/^(host\/\S+)\n< (.*)\n((?:> ?.*\n)+)/gm)].map(
  ([, file = "", anchor = "", added = ""]) => ({ file, anchor, added: added.trimEnd().split("\n") }),
);

test("faults are planted in every kind of file", () => {
  expect(PLANTED.length).toBeGreaterThanOrEqual(110);
});

test.each(PLANTED)("$file: $added is refused at its line", ({ file, anchor, added }) => {
  const lines = read(file).split("\n");
  const at = lines.findIndex((line) => line.includes(anchor));
  expect(at, anchor).toBeGreaterThanOrEqual(0);
  const depth = /^\s*/.exec(lines[at] ?? "")?.[0] ?? "";
  const planted = lines.toSpliced(at + 1, 0, ...added.map((line) => depth + line.slice(2))).join("\n");
  const found = unlisted(questions(file, planted)).map(({ line }) => line);
  // The last of the planted lines, if there are several, is the one that asks.
  expect(found).toContain(at + 1 + added.length);
});
