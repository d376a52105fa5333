import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Cron } from "croner";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { olympusCommand } from "../../cli/commands.ts";
import { stackNames } from "../../cli/shared/stack-names.ts";
import { tokensOf } from "../../cli/shared/tokens.ts";
import { loadFleet } from "../../config/index.ts";

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
  "continue-on-error": z.boolean().optional(),
});
/** `queue: max` keeps what waits, in order; by default GitHub drops it for the next one. actionlint does not know it yet. */
const concurrency = z.strictObject({
  group: z.string(),
  "cancel-in-progress": z.boolean(),
  queue: z.enum(["single", "max"]).optional(),
});
const workflow = z.looseObject({
  on: z.record(z.string(), z.unknown()),
  permissions,
  concurrency,
  env: scalars.optional(),
  jobs: z.record(
    z.string(),
    z.looseObject({
      "timeout-minutes": z.int().max(120),
      needs: z.string().optional(),
      environment: z.string().optional(),
      outputs: z.record(z.string(), z.string()).optional(),
      permissions: permissions.optional(),
      concurrency: concurrency.optional(),
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
  /^\.\/olympus [a-z-]+( --[a-z-]+| [a-z]+(?:-[a-z]+)*| \d+| "\$[A-Z_]+")*( >> "\$GITHUB_(STEP_SUMMARY|OUTPUT)"| \|\| test \$\? -eq 2)?$/,
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

  test("the token can read the code, and in one job comment or tell by an issue", () => {
    expect(permissions).toEqual({ contents: "read" });
    const own = Object.values(jobs).flatMap((job) => (job.permissions ? [job.permissions] : []));
    const more = file.startsWith("clock")
      ? { actions: "read", issues: "write" }
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
      const [, verb = "", rest = ""] = /^\.\/olympus ([a-z-]+)(.*)$/.exec(run) ?? [];
      const command = olympusCommand().commands.find((sub) => sub.name() === verb);
      const known = command?.options.flatMap(({ long }) => long ?? []);
      expect(known, run).toEqual(expect.arrayContaining(rest.match(/--[a-z-]+/g) ?? []));
    }
  });
});

describe("the plan of a pull request", () => {
  const { jobs } = workflow.parse(parse(readFileSync(join(folder, "pr.yml"), "utf8")));
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

  test("takes no lock, runs for no fork, and is the only step with secrets", () => {
    expect(plan?.run).toContain("--no-lock");
    expect(jobs.plan?.if).toContain("head.repo.full_name == github.repository");
    const secretive = Object.values(jobs)
      .flatMap((job) => job.steps)
      .filter((s) => JSON.stringify(s.env ?? {}).includes("secrets."));
    expect(secretive).toEqual([plan]);
  });
});

describe("the clock's workflow", () => {
  const of = (name: string) => workflow.parse(parse(readFileSync(join(folder, name), "utf8")));
  const clock = of("clock.yml");

  test("shares the machine with the deploy, in order: neither cuts the other short nor drops what waits", () => {
    const [deploy] = loadFleet().mirrors.map(({ name }) => of("deploy.yml").jobs[name]?.concurrency);
    expect(deploy).toEqual({ group: "machine-staging", "cancel-in-progress": false, queue: "max" });
    expect(clock.concurrency).toEqual({ ...deploy, group: `machine-\${{ inputs.environment }}` });
  });

  test("sleep and wake have the tokens of their stack and of the state, and no other step has", () => {
    const fleet = loadFleet();
    const [{ name } = { name: "" }] = fleet.mirrors;
    const tokens = tokensOf(name, fleet).map(({ shell, terraform }) => [`TF_VAR_${terraform}`, shell]);
    const keys = ["ACCESS_KEY_ID", "SECRET_ACCESS_KEY"].map((key) => [`AWS_${key}`, `STATE_${key}`]);
    const given = [...tokens, ...keys].map(([variable, secret]) => [variable, `\${{ secrets.${secret} }}`]);
    for (const file of ["clock.yml", "deploy.yml"])
      for (const { run = "", env = {} } of Object.values(of(file).jobs).flatMap((job) => job.steps)) {
        const clouds = Object.entries(env).filter(([key]) => /^(TF_VAR|AWS)_/.test(key));
        expect(Object.fromEntries(clouds), run).toEqual(
          /^\.\/olympus (sleep|wake) /.test(run) ? Object.fromEntries(given) : {},
        );
      }
  });

  test("a run can be told from every other by its name", () => {
    const named = z.object({ "run-name": z.string() }).parse(clock);
    expect(named["run-name"]).toBe(
      ["command", "environment", "firing"].map((input) => `\${{ inputs.${input} }}`).join(" "),
    );
  });

  test("is looked after twice a day, when a wake and a sleep are long due, summer and winter", () => {
    const { schedule } = z
      .object({ schedule: z.array(z.object({ cron: z.string() })) })
      .parse(of("clock-watch.yml").on);
    const watches = schedule.flatMap(({ cron }) => times(cron, "UTC"));
    const { extras } = loadFleet().mirrors[0]?.environment ?? {};
    for (const cron of [extras?.nightlyStop ?? "", extras?.morningStart ?? ""])
      for (const due of times(cron, extras?.timeZone ?? "")) {
        const ages = watches.map((at) => (at - due) / 60_000);
        // 20 minutes until a firing counts as missed; two hours and a half until somebody knows.
        expect(ages.some((age) => age > 20 && age < 170)).toBe(true);
      }
  });
});

/** The times of a cron line in the weeks over which Berlin's clocks change, and a day more than what is looked for. */
const times = (cron: string, timezone: string, days = timezone === "UTC" ? 8 : 7): number[] =>
  ["2026-03-25", "2026-10-21"].flatMap((day) => {
    const from = new Date(`${day}T00:00:00Z`);
    const to = from.getTime() + days * 86_400_000;
    const runs = new Cron(cron, { timezone }).nextRuns(2 * days, from).map((at) => at.getTime());
    return runs.filter((at) => at < to);
  });
