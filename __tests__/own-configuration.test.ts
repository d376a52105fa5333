import { expect, test } from "vitest";
import { ALL_SOURCES, type Sources } from "./support/sources.ts";

/**
 * Tests that read what a team writes in config/, and why. All others are about __tests__/support/fleet: one's own domain,
 * zone or keys turn nothing else red.
 */
const READERS: Readonly<Record<string, string>> = {
  "__tests__/own-configuration.test.ts": "the planted lines below",
  "__tests__/config/shipped.test.ts": "the checkout's own configuration has no problem",
  "__tests__/workflows/":
    "the workflows hand on tokens by the names of environments and zones, and change with them",
  "__tests__/cli/delivery/terraform/drift.tools.test.ts":
    "runs a workflow that names the stacks of this checkout",
  "__tests__/cli/staging/nights/dependencies.ts": "beside verbs that run in this checkout",
  "__tests__/exit-door/node-versions.tools.test.ts": "cdktf in this checkout",
  "__tests__/sandbox/local/stack.machine.test.ts": "a stack of this checkout",
  "__tests__/road/inside.ts": "runs in a clone, with the clone's configuration",
  "__tests__/host/pipeline/": "a deploy of this checkout",
  "__tests__/host/whole/environment-under-test.ts": "a deploy of this checkout",
};

const READS = [
  /^import .* from "(\.\.\/)+config\/(base|prod|staging)\.ts"/m,
  /\bloadFleet\((\)|undefined)/,
  /^import \{[^}]*\bshipped\b[^}]*\} from "(\.\.\/)+config\/index\.ts"/m,
  /readFileSync\("config\/(base|prod|staging)\.ts"/,
  /readFileSync\([`"]config\/csr\//,
];

const readers = (sources: Sources): string[] =>
  [...sources]
    .filter(([file, text]) => file.startsWith("__tests__/") && READS.some((reads) => reads.test(text)))
    .map(([file]) => file)
    .filter((file) => !Object.keys(READERS).some((named) => file.startsWith(named)));

test("tests own their configuration, but for a few with a reason", () => {
  expect(readers(ALL_SOURCES)).toEqual([]);
  for (const named of Object.keys(READERS))
    expect(
      [...ALL_SOURCES.keys()].some((file) => file.startsWith(named)),
      named,
    ).toBe(true);
});

test.each([
  'import { base } from "../../config/base.ts";',
  "const fleet = loadFleet();",
  "const fleet = loadFleet(undefined, run);",
  'import { loadFleet, shipped } from "../config/index.ts";',
  'const text = readFileSync("config/staging.ts", "utf8");',
])("%s is found", (text) => {
  expect(readers(new Map([["__tests__/a/new.test.ts", text]]))).toEqual(["__tests__/a/new.test.ts"]);
  expect(readers(new Map([["__tests__/config/shipped.test.ts", text]]))).toEqual([]);
});
