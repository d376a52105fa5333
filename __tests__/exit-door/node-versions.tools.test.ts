import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { stackNames } from "../../cli/shared/stack-names.ts";
import { loadFleet } from "../../config/index.ts";
import { NODE_PACKAGES } from "../../sandbox/programs/node-packages.ts";
import { onlyAccepted } from "../support/said.ts";
import { NODES, nodeEnvironment } from "./node-versions.ts";

const scratch = mkdtempSync(join(tmpdir(), "olympus-nodes-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** Every file of a folder of synthesized stacks. */
const written = (folder: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name))
      .map((file) => [file.slice(folder.length), readFileSync(file, "utf8")]),
  );

let expected: Record<string, string>;
beforeAll(async () => {
  const env = { CDKTF_OUTDIR: join(scratch, "own") };
  await execa("node", ["scripts/run.mjs", "main.ts"], { env });
  expected = written(env.CDKTF_OUTDIR);
});

test("the oldest is the one that package.json promises", () => {
  const { engines } = JSON.parse(readFileSync("package.json", "utf8"));
  expect(NODE_PACKAGES["node-20"].node.endsWith(`@${engines.node.replace(">=", "")}.0`)).toBe(true);
});

describe.each(NODES)("%s", (node) => {
  test("is the version it is taken for", async () => {
    const { stdout } = await execa("node", ["--version"], { env: await nodeEnvironment(node) });
    expect(NODE_PACKAGES[node].node.endsWith(`@${stdout.slice(1)}`)).toBe(true);
    expect(stdout.startsWith(`v${node.slice("node-".length)}.`)).toBe(true);
  });

  test("synthesizes the same files to the byte", async () => {
    const env = await nodeEnvironment(node, { CDKTF_OUTDIR: join(scratch, node) });
    const { exitCode, stderr } = await execa("node", ["scripts/run.mjs", "main.ts"], { env });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: onlyAccepted });
    expect(Object.keys(expected).length).toBeGreaterThan(3);
    expect(written(join(scratch, node))).toEqual(expected);
  });

  test("starts cdktf, whose pseudo-terminal is a compiled file for each version", async () => {
    const env = await nodeEnvironment(node, { CDKTF_OUTPUT: join(scratch, `${node}-list`) });
    const { stdout } = await execa("npx", ["cdktf", "list"], { env, all: true });
    for (const stack of stackNames(loadFleet())) expect(stdout).toContain(stack);
  });
});
