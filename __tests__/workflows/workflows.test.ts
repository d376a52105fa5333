import { existsSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { olympusCommand } from "../../cli/commands.ts";
import { stackNames } from "../../cli/shared/stack-names.ts";
import { tokensOf } from "../../cli/shared/tokens.ts";
import { loadFleet } from "../../config/index.ts";
import { SETUP } from "./runner.ts";
import { readWorkflow, usesOf, WORKFLOW_FILES, workflowText } from "./workflow-files.ts";

/** How a job becomes root, which the tests of machines need. */
const AS_ROOT = 'sudo --preserve-env=CI,CHECKPOINT_DISABLE,OLYMPUS_CACHE_DIR env "PATH=$PATH" ';

/** What a step may run: commands that people and tests run too. `|| test $? -eq 2` lets a plan have changes. */
const COMMANDS = [
  /^npx cdktf synth$/,
  /^npm test$/,
  /^npm run test:[a-z]+$/,
  /^\.\/scripts\/[a-z-]+\.sh( --[a-z-]+| [a-z]+| "\$[A-Z_]+")*$/,
  /^\.\/olympus [a-z-]+( --[a-z-]+| [a-z][a-z0-9]*(?:-[a-z0-9]+)*| \d+| "\$[A-Z_]+")*( >> "\$GITHUB_(STEP_SUMMARY|OUTPUT)"| \|\| test \$\? -eq 2)?$/,
];

describe.each(WORKFLOW_FILES)("%s", (file) => {
  const { on, permissions, env = {}, jobs } = readWorkflow(file);
  const steps = Object.values(jobs).flatMap((job) => job.steps);

  test("uses checkout and the project's own set-up alone, and every job begins with them", () => {
    const uses = usesOf(workflowText(file));
    expect(uses).toHaveLength(steps.filter((s) => s.uses).length);
    expect(uses).toHaveLength(2 * Object.keys(jobs).length);
    for (const { steps } of Object.values(jobs)) {
      expect(steps[0]?.uses).toMatch(/^actions\/checkout@/);
      expect(steps[1]?.uses).toBe(SETUP);
    }
  });

  test("what a pull request may have built never meets a secret", () => {
    for (const { steps } of Object.values(jobs))
      if (steps.some((s) => s.with?.cache !== undefined)) {
        expect(JSON.stringify(steps)).not.toMatch(/secrets\.|github\.token/);
      }
  });

  test("the token can read the code, and in one job comment, tell by an issue or push an image", () => {
    expect(permissions).toEqual({ contents: "read" });
    const own = Object.values(jobs).flatMap((job) => (job.permissions ? [job.permissions] : []));
    const more = file.startsWith("clock")
      ? { actions: "read", issues: "write" }
      : file === "edge-image.yml"
        ? { packages: "write" }
        : { "pull-requests": "write" };
    for (const granted of own) expect(granted).toEqual({ contents: "read", ...more });
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

  test("its olympus commands know their options", () => {
    for (const run of steps.flatMap((s) => s.run ?? []).filter((line) => line.startsWith("./olympus "))) {
      const [, verb = "", under = "", rest = ""] =
        /^\.\/olympus ([a-z-]+)(?: ([a-z-]+))?(.*)$/.exec(run) ?? [];
      const group = olympusCommand().commands.find((sub) => sub.name() === verb);
      const command = group?.commands.find((sub) => sub.name() === under) ?? group;
      const known = command?.options.flatMap(({ long }) => long ?? []);
      expect(known, run).toEqual(expect.arrayContaining(rest.match(/--[a-z-]+/g) ?? []));
    }
  });
});

describe("the plan of a pull request", () => {
  const { jobs } = readWorkflow("pr.yml");
  const plan = jobs.plan?.steps.find(({ run }) => run?.startsWith("./olympus plan "));

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

  test("is made after the check that providers are locked, which comes before any secret", () => {
    const runs = jobs.plan?.steps.flatMap(({ run }) => run ?? []) ?? [];
    expect(runs[0]).toBe("./olympus provider-lock --check");
    expect(jobs.check?.steps.map(({ run }) => run)).toContain("./olympus provider-lock --check");
  });

  test("takes no lock, runs for no fork and no bot, and is the only step with secrets but for the file with keys to the states", () => {
    expect(plan?.run).toContain("--no-lock");
    expect(jobs.plan?.if).toContain("head.repo.full_name == github.repository");
    expect(jobs.plan?.if).toContain("user.type == 'User'");
    const secretive = Object.values(jobs)
      .flatMap((job) => job.steps)
      .filter((s) => JSON.stringify(s.env ?? {}).includes("secrets."));
    expect(secretive).toEqual([expect.objectContaining({ run: "./scripts/credentials.sh" }), plan]);
  });
});
