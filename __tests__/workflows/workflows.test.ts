import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { loadFleet } from "../../config/index.ts";
import { stackNames } from "../../scripts/lib/stack-names.ts";
import { tokensOf } from "../../scripts/lib/tokens.ts";

const folder = ".github/workflows";
const files = readdirSync(folder);

const scalars = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
const permissions = z.record(z.string(), z.enum(["read", "write", "none"]));
const step = z.strictObject({
  id: z.string().optional(),
  name: z.string().optional(),
  if: z.string().optional(),
  uses: z.string().optional(),
  run: z.string().optional(),
  with: scalars.optional(),
  env: scalars.optional(),
});
const workflow = z.looseObject({
  on: z.record(z.string(), z.unknown()),
  permissions,
  concurrency: z.looseObject({ group: z.string() }),
  env: scalars.optional(),
  jobs: z.record(
    z.string(),
    z.looseObject({
      "timeout-minutes": z.int().max(120),
      needs: z.string().optional(),
      environment: z.string().optional(),
      outputs: z.record(z.string(), z.string()).optional(),
      permissions: permissions.optional(),
      env: scalars.optional(),
      steps: z.array(step),
    }),
  ),
});

/** What a step may run: commands that people and tests run too. `|| test $? -eq 2` lets a plan have changes. */
/** How a job becomes root, which the real tests need. */
const AS_ROOT = 'sudo --preserve-env=CI,CHECKPOINT_DISABLE env "PATH=$PATH" ';

const COMMANDS = [
  /^npm ci$/,
  /^npx cdktf synth$/,
  /^npm run test:[a-z]+$/,
  /^\.\/scripts\/[a-z-]+\.sh( --[a-z-]+| [a-z]+| "\$[A-Z_]+")*$/,
  /^npx olympus [a-z-]+( --[a-z-]+| [a-z]+(?:-[a-z]+)*| \d+| "\$[A-Z_]+")*( >> "\$GITHUB_(STEP_SUMMARY|OUTPUT)"| \|\| test \$\? -eq 2)?$/,
];

describe.each(files)("%s", (file) => {
  const text = readFileSync(join(folder, file), "utf8");
  const { on, permissions, env = {}, jobs } = workflow.parse(parse(text));
  const steps = Object.values(jobs).flatMap((job) => job.steps);

  test("actions are pinned by commit, with the version beside it", () => {
    const uses = [...text.matchAll(/^\s*-? *uses: *(.*)$/gm)].map((match) => match[1]);
    expect(uses).toHaveLength(steps.filter((s) => s.uses).length);
    for (const action of uses) expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  test("the token can read the code, and in one job comment", () => {
    expect(permissions).toEqual({ contents: "read" });
    const own = Object.values(jobs).flatMap((job) => (job.permissions ? [job.permissions] : []));
    for (const granted of own) expect(granted).toEqual({ contents: "read", "pull-requests": "write" });
    expect(own.length).toBeLessThanOrEqual(1);
  });

  test("no checkout leaves the token behind", () => {
    const checkouts = steps.filter(({ uses }) => uses?.startsWith("actions/checkout@"));
    for (const { with: inputs } of checkouts) expect(inputs?.["persist-credentials"]).toBe(false);
  });

  test("foreign code never runs with this repository's rights", () => {
    for (const event of ["pull_request_target", "workflow_run"]) expect(on).not.toHaveProperty(event);
  });

  test("secrets are in the steps that use them, and never in a command", () => {
    const wide = JSON.stringify([env, ...Object.values(jobs).map((job) => job.env ?? {})]);
    expect(wide).not.toMatch(/secrets\.|github\.token/);
    for (const { run = "" } of steps) expect(run).not.toContain("${{");
  });

  test.each(steps.flatMap(({ run }) => run?.replace(AS_ROOT, "") ?? []))(
    "%s is a command of the project",
    (run) => {
      expect(COMMANDS.some((command) => command.test(run))).toBe(true);
      const script = /^\.\/(\S+\.sh)/.exec(run)?.[1];
      if (script) expect(existsSync(script), `${script} is missing`).toBe(true);
    },
  );

  test("its olympus commands know their options", async () => {
    for (const run of steps.flatMap((s) => s.run ?? []).filter((line) => line.startsWith("npx olympus "))) {
      const [, verb = "", rest = ""] = /^npx olympus ([a-z-]+)(.*)$/.exec(run) ?? [];
      const { stdout } = await execa("node", ["scripts/run.mjs", verb, "--help"]);
      expect(stdout).toContain(`Usage: olympus ${verb} `);
      for (const option of rest.match(/--[a-z-]+/g) ?? []) expect(stdout).toContain(option);
    }
  });
});

describe("the plan of a pull request", () => {
  const { jobs } = workflow.parse(parse(readFileSync(join(folder, "pr.yml"), "utf8")));
  const plan = jobs.plan?.steps.find(({ run }) => run?.startsWith("npx olympus plan "));

  test("has a token of its own for every stack and cloud, and each can only read", () => {
    const fleet = loadFleet();
    const wanted = stackNames(fleet).flatMap((stack) => tokensOf(stack, fleet));
    const given = Object.entries(plan?.env ?? {}).filter(([name]) => name.startsWith("TF_VAR_"));
    expect(Object.fromEntries(given)).toEqual(
      Object.fromEntries(
        wanted.map(({ shell, terraform }) => [`TF_VAR_${terraform}`, `\${{ secrets.${shell}_READ }}`]),
      ),
    );
  });

  test("takes no lock, runs for no fork, and is the only step with secrets", () => {
    expect(plan?.run).toContain("--no-lock");
    expect(jobs.plan?.if).toContain("head.repo.full_name == github.repository");
    const secretive = Object.values(jobs)
      .flatMap((job) => job.steps)
      .filter((s) => JSON.stringify(s.env ?? {}).includes("secrets."));
    expect(secretive).toEqual([plan]);
  });
});
