import { readFileSync } from "node:fs";
import { execa } from "execa";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import { type Answers, answersOf, readAnswers, sourceOf } from "../../../cli/init/answers.ts";
import { rewritten } from "../../../cli/init/rewrite.ts";
import { fixture } from "../../support/fleet/source.ts";
import { OWN } from "./own-answers.ts";

type Values = Record<string, unknown>;
const FOLDER = "__tests__/support/fleet";
const current = answersOf(fixture);
const own = readAnswers("answers.yaml", stringify(OWN), current).answers;

/** The values of each file, by its name. */
function valuesOf(answers: Answers): Record<string, Values> {
  const { base: shared, reference, mirrors } = sourceOf(answers, fixture);
  return { base: shared, ...Object.fromEntries([reference, ...mirrors]) } as Record<string, Values>;
}

/** As the formatter of the checkout would have it. */
const formatted = async (text: string): Promise<string> =>
  (
    await execa("npx", ["biome", "format", "--stdin-file-path=config/base.ts"], {
      input: text,
      stripFinalNewline: false,
    })
  ).stdout;

const FILES = ["base", "prod", "staging"];
const original = (name: string): string => readFileSync(`${FOLDER}/${name}.ts`, "utf8");
const change = (name: string, text: string, from: Answers, to: Answers): string =>
  rewritten(`${name}.ts`, text, valuesOf(from)[name] ?? {}, valuesOf(to)[name] ?? {});

test.each(FILES)("%s.ts with a team's answers is as the formatter would have it", async (name) => {
  const text = change(name, original(name), current, own);
  expect(text).not.toBe(original(name));
  expect(text.replace(/^import.*\n/gm, "")).not.toMatch(/your-app|your-org|Your App|203\.0\.113/);
  expect(await formatted(text)).toBe(text);
});

test.each(FILES)("%s.ts comes back to the letter with the answers that it was made of", (name) => {
  expect(change(name, original(name), current, current)).toBe(original(name));
  const there = change(name, original(name), current, own);
  expect(change(name, there, own, current)).toBe(original(name));
});

const TEXT = `import { list } from "./list.ts";

/** What it is. */
export const shared: Base = {
  // Ours.
  zones: { a: 1 },
  computed: [...list],

  office: {
    // The old building.
    old: "a",
    deep: { x: 1 },
  },
  gone: 1,
};

export const other = 1;
`;
const BEFORE = { zones: { a: 1 }, computed: [1, 2], office: { old: "a", deep: { x: 1 } }, gone: 1 };

test("what keeps its value keeps its text: comments, order, and what is computed", () => {
  expect(rewritten("f", TEXT, BEFORE, BEFORE)).toBe(TEXT);
  const { gone, ...kept } = BEFORE;
  const after = {
    ...kept,
    zones: { b: 2 },
    office: { ...kept.office, deep: { x: 2 } },
    mail: { spf: 'a "b"' },
  };
  expect(gone).toBe(1);
  expect(rewritten("f", TEXT, BEFORE, after)).toBe(
    TEXT.replace("{ a: 1 }", "{ b: 2 }")
      .replace("x: 1", "x: 2")
      .replace("  gone: 1,\n", "\n  mail: { spf: 'a \"b\"' },\n"),
  );
});

test("long lists and long strings break as the formatter breaks them", async () => {
  const long = Array.from({ length: 12 }, (_, i) => `203.0.113.${i}/32`);
  const values = {
    long,
    "a-key": "x".repeat(110),
    deep: { list: [{ a: long.slice(0, 4), b: long.slice(4) }], quote: `it's "so"`, empty: {}, none: [] },
    flag: true,
  };
  const text = rewritten("f", "export const base: Base = {\n  flag: false,\n};\n", { flag: false }, values);
  expect(await formatted(text)).toBe(text);
});

test("a file of another shape is left alone", () => {
  expect(() => rewritten("config/prod.ts", "export default {};\n", {}, {})).toThrow(
    /config\/prod\.ts is not one that can be rewritten[\s\S]*Nothing was written/,
  );
});
