import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { documents, literals, messages, type Prose, shellMessages } from "./support/prose.ts";
import { PROGRAM_SOURCES, TRACKED } from "./support/sources.ts";

const [terms = "", banned = ""] = readFileSync("docs/glossary.md", "utf8").split("## Not said here");

/** The rows of a Markdown table, without its head. */
const rows = (section: string): string[][] =>
  section
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .slice(1)
    .map((line) =>
      line
        .slice(2, -2)
        .split(" | ")
        .map((cell) => cell.trim()),
    );

const GLOSSARY = rows(terms).map(([word = "", , code = ""]) => ({ word, code }));

/** One entry a forbidden word: notes in parentheses are dropped, and X stands for any word. */
const FORBIDDEN = rows(banned).flatMap(([not = ""]) =>
  not
    .replace(/ \(.*?\)/g, "")
    .split(", ")
    .map((word) => word.replace(/ X$/, "")),
);

/** "There is no server" is plain English, "it is no server of Hetzner's" is not. */
const patternOf = (word: string): RegExp => {
  const spaced = `\\b${word.replaceAll(" ", "\\s+")}\\b`;
  return new RegExp(/^is no/.test(word) ? `(?<!\\bthere )${spaced}(?! longer\\b| more\\b)` : spaced, "i");
};

/** Names that outlive a release or belong to others: they stay as they are. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  "Admin hosts and rehearsal hosts":
    "the description of a rule at Cloudflare: another one is a change of the zone",
  "cast.example": "the domain of synthetic people who exist already",
  "/run/olympus/rest-begun": "the marker of a shutdown, which an earlier release may have left",
  "nobody was told": "said by the clock's Worker: other words are a change of the Worker in every plan",
  "night/diary.jsonl": "the file of the server history on the volume, which outlives its machine",
  ".sandbox/sealed": "the folder of a sandbox that exists already",
};

const without = (text: string): string =>
  Object.keys(EXCEPTIONS).reduce((rest, name) => rest.replaceAll(name, ""), text);

const offences = (all: readonly Prose[]): string[] =>
  all.flatMap(({ at, text }) => {
    const rest = without(text);
    return FORBIDDEN.filter((word) => patternOf(word).test(rest)).map(
      (word) => `${at}: «${word}» in ${text.trim()}`,
    );
  });

const MESSAGES = messages();
const DOCUMENTS = documents();

describe("the glossary", () => {
  test("has at most 30 words, each once", () => {
    expect(GLOSSARY.length).toBeLessThanOrEqual(30);
    expect(new Set(GLOSSARY.map(({ word }) => word)).size).toBe(GLOSSARY.length);
  });

  const said = [...MESSAGES, ...DOCUMENTS].map(({ text }) => text).join("\n");
  test.each(GLOSSARY)("$word is said in a message or a document", ({ word }) => {
    expect(new RegExp(`\\b${word.replaceAll(" ", "\\s+")}`, "i").test(said)).toBe(true);
  });

  const source = [...PROGRAM_SOURCES.values()].join("\n");
  test.each(GLOSSARY)("$word is in the code where the glossary says", ({ code }) => {
    const names = [...code.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name);
    expect(names.length).toBeGreaterThan(0);
    for (const name of names)
      expect(
        TRACKED.some((file) => file === name || file.endsWith(`/${name}`)) || source.includes(name),
        name,
      ).toBe(true);
  });
});

describe("words that are not said", () => {
  test("in messages, help, log lines and alerts", () => {
    expect(offences(MESSAGES)).toEqual([]);
  });

  test("in documents", () => {
    expect(offences(DOCUMENTS)).toEqual([]);
  });

  test("each exception is still needed and has a reason", () => {
    const all = [...MESSAGES, ...DOCUMENTS];
    for (const [name, reason] of Object.entries(EXCEPTIONS)) {
      expect(
        FORBIDDEN.some((word) => patternOf(word).test(name)),
        name,
      ).toBe(true);
      expect(
        all.some(({ text }) => text.includes(name)),
        name,
      ).toBe(true);
      expect(reason.length, name).toBeGreaterThan(20);
    }
  });

  test.each([
    ["a string", literals("a.ts", 'const a = "this is no setting";'), "is no"],
    ["a template", literals("a.ts", `const a = \`\${b} was made anew in \${c}\`;`), "anew"],
    ["a log line", shellMessages("a", 'die "another start is at work"'), "at work"],
  ])("%s that has one is found", (_, found, word) => {
    expect(offences(found)).toEqual([expect.stringContaining(`«${word}»`)]);
  });

  test("there may be no server, and no longer one", () => {
    expect(offences([{ at: "a", text: "There is no server; it is no longer billed." }])).toEqual([]);
  });
});
