import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { loadFleet } from "../../config/index.ts";
import { jobDifferences, lonelySteps } from "./environments.ts";
import { WORKFLOW_FILES, workflowText } from "./workflow-files.ts";

const fleet = loadFleet();
const reference = fleet.reference.environment.name;
const mirrors = fleet.mirrors.map(({ environment }) => environment.name);

interface Jobs {
  readonly jobs: Readonly<Record<string, { readonly steps: readonly Record<string, unknown>[] }>>;
}

/** Where a workflow treats the environments differently, a line each with the file's name. */
function differences(file: string, text: string): string[] {
  const { jobs } = parse(text) as Jobs;
  const own = [reference, ...mirrors];
  const paired = mirrors.flatMap((mirror) => {
    const [a, b] = [jobs[mirror], jobs[reference]];
    return a && b ? jobDifferences(mirror, a, reference, b) : [];
  });
  const others = Object.entries(jobs).filter(([name]) => !own.includes(name));
  const lonely = others.flatMap(([, { steps }]) => lonelySteps(steps, own));
  return [...paired, ...lonely].map((line) => `${file} ${line}`);
}

/** What one environment's way may have otherwise than another's, and why. */
const LISTED = parse(readFileSync("__tests__/workflows/environments.yaml", "utf8")) as {
  readonly why: string;
  readonly may: string;
}[];
const allowed = LISTED.flatMap(({ may }) => may.trimEnd().split("\n"));

const unlisted = (found: readonly string[]): string[] => {
  const left = [...allowed];
  return found.filter((line) => {
    const at = left.indexOf(line);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
};

describe("what a workflow does for one environment it does for all", () => {
  const found = WORKFLOW_FILES.flatMap((file) => differences(file, workflowText(file)));

  test("but for what is listed", () => {
    expect(unlisted(found)).toEqual([]);
  });

  test("and what is listed is there, once, with its reason", () => {
    expect([...found].sort()).toEqual([...allowed].sort());
    for (const { why, may } of LISTED) expect(why.length, may).toBeGreaterThan(30);
  });
});

/** The lines of a block that begin with a sign, without it. */
const marked = (sign: string, lines: readonly string[]): string =>
  lines
    .filter((line) => line.startsWith(sign))
    .map((line) => line.slice(1))
    .join("\n");

const PLANTED = readFileSync("__tests__/workflows/environments.planted.txt", "utf8")
  .trimEnd()
  .split("\n\n")
  .slice(1)
  .map((block) => block.split("\n"))
  .map(([title = "", where = "", ...lines]) => ({
    title,
    where,
    from: marked("-", lines),
    to: marked("+", lines),
    says: marked("=", lines).trim(),
  }));

test.each(PLANTED)("$title is refused", ({ where, from, to, says }) => {
  const [file = "", job] = where.split(" ");
  const text = workflowText(file);
  const at = job ? text.indexOf(`\n  ${job}:\n`) : 0;
  expect(text.slice(at)).toContain(from);
  const found = unlisted(differences(file, text.slice(0, at) + text.slice(at).replace(from, () => to)));
  expect(found.join("\n")).toContain(says);
});

test("faults are planted of every kind", () => {
  expect(PLANTED.length).toBeGreaterThanOrEqual(29);
});
