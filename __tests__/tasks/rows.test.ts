import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ALL_SOURCES } from "../support/sources.ts";
import { machineTasks } from "./machine.ts";
import { tasks } from "./tasks.ts";

/** Rows that no task does, the test that does, and the words by which it is seen to. */
const ELSEWHERE: Readonly<Record<string, readonly [file: string, ...words: string[]]>> = {
  "the example's values": ["__tests__/cli/init/init.tools.test.ts", '"init"'],
  "the location": ["__tests__/cli/delivery/plan-risks.test.ts", "location", "loss"],
  "an image pin": ["__tests__/cli/release/images/lock.machine.test.ts", "lock"],
  "what a config field may hold": ["__tests__/config/pairs.test.ts", "nearest"],
  "the name of a resource": ["__tests__/stacks/stacks.test.ts", "golden"],
  "a public host": ["__tests__/host/published-hosts.test.ts", "smoke"],
  "who may issue certificates": ["__tests__/cli/provision/zone-records.tools.test.ts", "dns"],
  "a cloud resource": ["__tests__/stacks/stacks.test.ts", "golden"],
  "where an overlay key may show": ["__tests__/parity/experiment.test.ts", "bounds"],
  "a check on what would be deployed": ["__tests__/policy/rules.test.ts", "passing", "failing"],
  "what runs on the machine": ["__tests__/host/bundle/bundle.test.ts", "composeServices"],
  "fields of an identity": ["__tests__/host/bundle/schemas.test.ts", "ciam"],
  "a secret's form": ["__tests__/cli/secrets/init.tools.test.ts", "init"],
  "one shared key": ["__tests__/cli/provision/split-keys.tools.test.ts", "split-keys"],
  "an account at a third party": ["__tests__/cli/provision/providers/checklist.test.ts", "providers"],
  "what a backup holds": ["__tests__/host/backup/backup.machine.test.ts", "olympus-backup"],
  "an alert": ["__tests__/host/monitoring/promtool.machine.test.ts", "rules"],
  "what happens to a column": ["__tests__/host/redaction/redaction.machine.test.ts", "class"],
  "what a night does": ["__tests__/host/night/verbs.long.test.ts", '"sleep"'],
  "what staging's clock starts": ["__tests__/workflows/clock.tools.test.ts", "clock.yml"],
  "what has to be there before": [
    "__tests__/cli/doctor/planted.tools.test.ts",
    "each row has a planted fault",
  ],
  "what a pull request": ["__tests__/workflows/workflows.test.ts", "pr.yml"],
  "what a merge to main": ["__tests__/workflows/deploy.tools.test.ts", "deploy.yml"],
  "when drift": ["__tests__/workflows/drift.test.ts", "drift.yml"],
  "which advisories": ["__tests__/cli/delivery/advisories.test.ts", '"advisories"'],
  "a verb, or its help": ["__tests__/cli/help.test.ts", "says what it does"],
  "the version of all this": ["__tests__/cli/delivery/upgrade/upgrade.tools.test.ts", '"upgrade"'],
  "who looks for newer": ["__tests__/renovate.test.ts", "renovate.json"],
  "what is built before": ["__tests__/sandbox/preparation.test.ts", "prepar"],
  "the emulated clouds": ["packages/github-emulator/__tests__/conformance.test.ts", "every operation"],
  "what stands in for the Cloudflare provider": [
    "packages/cloudflare-provider-standin/README.md",
    "resource",
  ],
  "Olympus on one's own machine": ["__tests__/sandbox/local/stack.machine.test.ts", "--local"],
};

const table =
  (readFileSync("README.md", "utf8").split("\n## I want to change ...\n")[1] ?? "").split("\n## ")[0] ?? "";
const lines = table.split("\n").filter((line) => line.startsWith("| ") && !line.startsWith("| what | open"));
const rows = lines.map((line) => line.slice(2, line.indexOf(" |", 2)));
/** The verbs that a row types. */
const verbsOf = (start: string): string[] => {
  const line = lines.find((one) => one.startsWith(`| ${start}`)) ?? "";
  return [...line.matchAll(/`\.\/olympus ([a-z-]+)/g)].map(([, verb = ""]) => verb);
};
const starts = [...tasks, ...machineTasks].map(({ what }) => what);
/** The longest of the names with which a row begins: `what a night` and `what a night does` are two rows. */
const longest = (row: string, names: readonly string[]): string[] =>
  names.filter((name) => row.startsWith(name)).sort((a, b) => b.length - a.length);

test("the table is read", () => {
  expect(rows.length).toBeGreaterThan(45);
});

test.each(rows)("%s: its commands are run, by a task or by the test that is named", (row) => {
  expect([...longest(row, starts), ...longest(row, Object.keys(ELSEWHERE))]).toHaveLength(1);
});

test("each task and each name is of a row", () => {
  for (const name of [...starts, ...Object.keys(ELSEWHERE)])
    expect(
      rows.filter((row) => row.startsWith(name)),
      name,
    ).toHaveLength(1);
});

test.each(Object.entries(ELSEWHERE))("%s: the test that is named does it", (start, [file, ...words]) => {
  const text = ALL_SOURCES.get(file) ?? readFileSync(file, "utf8");
  for (const word of [...words, ...verbsOf(start)])
    expect(text.includes(word), `${file}: ${word}`).toBe(true);
});
