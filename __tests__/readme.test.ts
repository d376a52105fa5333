import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Command } from "commander";
import { describe, expect, test } from "vitest";
import { olympusCommand } from "../cli/commands.ts";
import { KNOWS } from "./support/rooms.ts";
import { TRACKED } from "./support/sources.ts";

const pages = TRACKED.filter((file) => file.endsWith(".md") && existsSync(file)).map(
  (file) => [file, readFileSync(file, "utf8")] as const,
);
const page = (file: string): string => new Map(pages).get(file) ?? "";

/** What stands between backticks, but for blocks of code. */
const quoted = (text: string): string[] =>
  [...text.replaceAll(/^```[\s\S]*?^```/gm, "").matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? "");

/** Files and folders that a text names from the root: `config/prod.ts`, `host/bootstrap/`. */
const namedPaths = (text: string): string[] =>
  quoted(text).filter((word) => /^[\w.-]+\/[\w./@-]*$/.test(word));

/** Rows of the first table below a heading, without its head. */
const rowsBelow = (text: string, heading: string): string[][] => {
  const section = text.split(`\n## ${heading}\n`)[1]?.split("\n## ")[0] ?? "";
  const rows = section.split("\n").filter((line) => line.startsWith("|"));
  return rows.slice(2).map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
};

describe("the README", () => {
  const rows = rowsBelow(page("README.md"), "I want to change ...");

  test("names on its first screen the command that runs it and the one that tests it", () => {
    const screen = page("README.md").split("\n").slice(0, 24).join("\n");
    for (const command of ["ENV=staging ./scripts/provision.sh --sandbox", "./scripts/test.sh"])
      expect(screen).toContain(`\n${command} `);
  });

  test.each(rows)("%s: %s is there", (_what, open = "", then = "") => {
    expect(namedPaths(open).length).toBeGreaterThan(0);
    expect(then).not.toBe("");
    for (const path of namedPaths(`${open} ${then}`)) expect(existsSync(path), path).toBe(true);
  });

  test("has a table long enough to be one", () => {
    expect(rows.length).toBeGreaterThan(25);
  });
});

test("CONTRIBUTING says of every room whom it knows, as the imports are held to", () => {
  const asWritten = (room: string): string => room.replace(/^packages\/.*/, "packages/*");
  const knows = Object.entries(KNOWS).map(
    ([room, known]) => [asWritten(room), [...new Set(known.map(asWritten))].sort()] as const,
  );
  const rows = rowsBelow(page("CONTRIBUTING.md"), "How it is cut");
  const said = rows.map(([room = "", known = ""]) => [quoted(room)[0], quoted(known).sort()]);
  expect(Object.fromEntries(said)).toEqual(Object.fromEntries(knows));
});

/** Files that do not ship, and why. */
const MADE_LATER = {
  "config/terraform.lock.hcl": "each team makes it, where the registry of the providers answers",
};

const rooms = new Set(TRACKED.filter((file) => file.includes("/")).map((file) => file.split("/")[0]));

test.each(pages)("the paths that %s names are there", (file, text) => {
  const there = namedPaths(text).filter((named) => rooms.has(named.split("/")[0]) && !(named in MADE_LATER));
  for (const path of there)
    expect(existsSync(path) || existsSync(join(dirname(file), path)), `${file}: ${path}`).toBe(true);
});

/** Anchors of a page's headings, as GitHub makes them. */
const anchors = (text: string): string[] =>
  [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, "")
      .replaceAll(" ", "-"),
  );

test.each(pages)("the links of %s lead somewhere", (file, text) => {
  for (const [, target = ""] of text.matchAll(/\]\((?!https?:)([^)\s]+)\)/g)) {
    const [path = "", anchor] = target.split("#");
    const to = path ? join(dirname(file), path) : file;
    expect(existsSync(to), `${file} -> ${target}`).toBe(true);
    if (anchor) expect(anchors(readFileSync(to, "utf8")), `${file} -> ${target}`).toContain(anchor);
  }
});

/** The command and its verbs' verbs that a line calls, and the options it calls them with. */
function unknownIn(line: string): string[] {
  const [, ...words] = line.split(/[|>#;&]/)[0]?.split(/\s+/) ?? [];
  let command: Command = olympusCommand();
  for (const word of words) {
    const next = command.commands.find((sub) => sub.name() === word);
    if (!next) break;
    command = next;
  }
  if (command.name() === "olympus" && words[0]?.match(/^[a-z]/)) return [`no verb ${words[0]}`];
  if (command.name() === "run") return [];
  const known = [...command.options.flatMap(({ long }) => long ?? []), "--help"];
  return words.filter((word) => /^--[a-z]/.test(word) && !known.includes(word.split("=")[0] ?? ""));
}

/** What programs have said on a day, in their own words. */
const isRecord = (file: string): boolean => file.endsWith("-transcript.md");

test.each(pages.filter(([file]) => !isRecord(file)))(
  "the olympus commands of %s exist, with their options",
  (_file, text) => {
    const calls = [...text.matchAll(/\.\/olympus [^`\n]*/g)].map(([call]) => call);
    for (const call of calls) expect(unknownIn(call), call).toEqual([]);
  },
);

test("code owners own what is there", () => {
  const owned = readFileSync(".github/CODEOWNERS", "utf8")
    .split("\n")
    .filter((line) => line.startsWith("/"))
    .map((line) => line.split(/\s+/)[0]?.slice(1) ?? "");
  expect(owned.length).toBeGreaterThan(5);
  for (const path of owned) expect(existsSync(path), path).toBe(true);
});

test("the version at hand is the newest of the changelog", () => {
  const { version } = JSON.parse(readFileSync("package.json", "utf8"));
  const released = [...page("CHANGELOG.md").matchAll(/^## \[(\d[^\]]*)\]/gm)].map((match) => match[1]);
  expect(released[0]).toBe(version);
});
