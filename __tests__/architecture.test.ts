import { describe, expect, test } from "vitest";
import { KNOWS } from "./support/rooms.ts";
import { ALL_SOURCES, circles, imports, PROGRAM_SOURCES, type Sources, targets } from "./support/sources.ts";

/** Within cli: a group knows those before it, and shared. */
const GROUPS = [
  "shared",
  "secrets",
  "smoke",
  "release",
  "operate",
  "staging",
  "delivery",
  "init",
  "provision",
  "doctor",
  "apply",
];

/** The innermost room a file is in. */
const roomOf = (file: string): string =>
  Object.keys(KNOWS)
    .filter((room) => file.startsWith(`${room}/`))
    .sort((a, b) => b.length - a.length)[0] ?? file;

function strangers(sources: Sources): string[] {
  const found: string[] = [];
  for (const [file, text] of sources) {
    const known = KNOWS[roomOf(file)];
    if (!known) continue;
    for (const target of targets(file, text)) {
      const room = roomOf(target);
      const isOwn = room === roomOf(file);
      // The one door from an operator's verb to the sandbox: it is opened only when `--sandbox` asks for it.
      const isDoor = /^cli\/provision\/(commands|provision)\.ts$/.test(file);
      if (isOwn || known.includes(room) || (isDoor && room === "cli/provision/sandbox")) continue;
      found.push(`${file} -> ${target}`);
    }
  }
  return found;
}

function againstTheDay(sources: Sources): string[] {
  const groupOf = (file: string) => /^cli\/([^/]+)\//.exec(file)?.[1];
  return [...sources].flatMap(([file, text]) =>
    targets(file, text)
      .filter((target) => {
        const [from, to] = [groupOf(file), groupOf(target)];
        return from && to && GROUPS.indexOf(to) > GROUPS.indexOf(from);
      })
      .map((target) => `${file} -> ${target}`),
  );
}

const LOADS_CDKTF = ["constructs", "stacks", "packages/provider-hcloud"];

const loadsCdktf = (sources: Sources): string[] =>
  [...sources]
    .filter(([file]) => file !== "main.ts" && !LOADS_CDKTF.includes(roomOf(file)))
    .filter(([, text]) => imports(text).some((name) => /^(cdktf$|constructs$|@cdktf\/provider-)/.test(name)))
    .map(([file]) => file);

const NAMES_PROVIDERS = ["constructs/cloudflare.ts", "constructs/hcloud.ts"];

const namesProviders = (sources: Sources): string[] =>
  [...sources].flatMap(([file, text]) =>
    imports(text)
      .filter((name) => name.startsWith("@cdktf/provider-") && !name.startsWith("@cdktf/provider-generator"))
      .filter((name) => !NAMES_PROVIDERS.includes(file) || !/\/lib\/[a-z-]+\/index\.js$/.test(name))
      .map((name) => `${file} -> ${name}`),
  );

const asksItsName = (sources: Sources): string[] =>
  [...sources]
    .filter(([file]) => /^(constructs|stacks|host)\//.test(file))
    .filter(([, text]) => /(===|!==|case) *["'](prod|production|staging)["']/.test(text))
    .map(([file]) => file);

/** Longer than a screen or four, and why. */
const LONG_FILES: Readonly<Record<string, string>> = {
  "__tests__/host/redaction/redaction.machine.test.ts":
    "one copy of a database, made once, and everything looked for in it",
  "__tests__/host/monitoring/scripts.machine.test.ts":
    "every script that speaks to monitoring, on one machine",
  "__tests__/host/backup/backup-fixture.ts":
    "one store, one database and the programs of a machine around them",
  "__tests__/cli/doctor/fix.tools.test.ts": "every fix on one fleet, with its stores and GitHub around it",
  "__tests__/cli/doctor/planted.tools.test.ts": "a table: a fault, and what finds it, a row",
  "__tests__/config/pairs.test.ts": "a table: a bad value and its nearest good one a row",
};
const LINES = 200;

const tooLong = (sources: Sources): string[] =>
  [...sources]
    .map(([file, text]) => ({ file, lines: text.trimEnd().split("\n").length }))
    .filter(({ file, lines }) => lines > LINES && !(file in LONG_FILES))
    .map(({ file, lines }) => `${file}: ${lines}`);

/** Files that export another's name by design: rules are found by their folder, the tests' fleet lies in the place of config/. */
const REGISTRIES = [/^policy\/rules\//, /^__tests__\/support\/fleet\/(base|environments|prod|staging)\.ts$/];

function namesOfTwoThings(sources: Sources): string[] {
  const declared = new Map<string, string[]>();
  for (const [file, text] of sources) {
    if (!file.endsWith(".ts") || REGISTRIES.some((registry) => registry.test(file))) continue;
    const exported = /^export (?:abstract |async )*(?:const|let|function\*?|class|interface|type) (\w+)/gm;
    for (const name of new Set([...text.matchAll(exported)].map((m) => m[1] ?? "")))
      declared.set(name, [...(declared.get(name) ?? []), file]);
  }
  return [...declared]
    .filter(([, files]) => files.length > 1)
    .map(([name, files]) => `${name}: ${files.join(", ")}`);
}

/** Each rule with an import that it must refuse, planted into one file. */
const RULES: readonly (readonly [string, (s: Sources) => string[], file: string, planted: string])[] = [
  [
    "a room knows only what it may",
    strangers,
    "cli/release/release.ts",
    'import "../../sandbox/session.ts";',
  ],
  ["lib is a leaf", strangers, "lib/json.ts", 'import { staging } from "../config/staging.ts";'],
  ["config knows lib alone", strangers, "config/base.ts", 'import { bundle } from "../host/bundle.ts";'],
  ["parity knows plain JSON", strangers, "parity/json.ts", 'import "../config/base.ts";'],
  [
    "an emulator stands by itself",
    strangers,
    "packages/hetzner-emulator/app.ts",
    'import "../../config/base.ts";',
  ],
  [
    "an emulator knows no other, by name neither",
    strangers,
    "packages/hetzner-emulator/app.ts",
    'import "@olympus-infra/cloudflare-emulator";',
  ],
  [
    "a group of verbs knows those before it",
    againstTheDay,
    "cli/shared/ssh.ts",
    'import "../release/plan.ts";',
  ],
  ["no circle of imports", circles, "lib/cache.ts", 'import "./go-program.ts";'],
  [
    "only constructs and stacks load cdktf",
    loadsCdktf,
    "cli/release/plan.ts",
    'import { App } from "cdktf";',
  ],
  [
    "provider resources are named in two files, by their own path",
    namesProviders,
    "constructs/hcloud.ts",
    'import { Server } from "@cdktf/provider-hcloud";',
  ],
  ["nothing asks which environment it is in", asksItsName, "host/bundle.ts", 'if (name === "staging") {}'],
  ["a file is at most 200 lines", tooLong, "lib/json.ts", "\n".repeat(LINES)],
  ["an exported name means one thing", namesOfTwoThings, "lib/json.ts", "export const bundle = 1;"],
];

/** Rules about all sources, tests included. */
const OF_ALL = [tooLong, namesOfTwoThings];

describe.each(RULES)("%s", (_name, rule, file, planted) => {
  const sources = OF_ALL.includes(rule) ? ALL_SOURCES : PROGRAM_SOURCES;

  test("holds", () => {
    expect(rule(sources)).toEqual([]);
  });

  test("refuses what breaks it", () => {
    const text = sources.get(file);
    if (text === undefined) throw new Error(`${file} is not there`);
    expect(rule(new Map(sources).set(file, `${planted}\n${text}`)).length).toBeGreaterThan(0);
  });
});

test("each long file is there, is long, and says why", () => {
  for (const [file, reason] of Object.entries(LONG_FILES)) {
    expect(ALL_SOURCES.get(file)?.trimEnd().split("\n").length, file).toBeGreaterThan(LINES);
    expect(reason.length, file).toBeGreaterThan(20);
  }
});
