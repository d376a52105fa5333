import { Cron } from "croner";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { WORKFLOW_TOKENS } from "../../cli/shared/tokens.ts";
import { loadFleet } from "../../config/index.ts";
import { readWorkflow, WORKFLOW_FILES, workflowText } from "./workflow-files.ts";

describe("the clock's workflow", () => {
  const clock = readWorkflow("clock.yml");

  test("shares the machine with the deploy, in order: neither cuts the other short nor drops what waits", () => {
    const [deploy] = loadFleet().mirrors.map(
      ({ name }) => readWorkflow("deploy.yml").jobs[name]?.concurrency,
    );
    expect(deploy).toEqual({ group: "machine-staging", "cancel-in-progress": false, queue: "max" });
    expect(clock.concurrency).toEqual({ ...deploy, group: `machine-\${{ inputs.environment }}` });
  });

  test("sleep and wake have the tokens of their stack, the file of credentials the keys, and no other step has any", () => {
    const secrets = (names: readonly string[]) =>
      Object.fromEntries(names.map((name) => [name, `\${{ secrets.${name} }}`]));
    const tokens = secrets(Object.values(WORKFLOW_TOKENS));
    const keys = secrets(["STATE_ACCESS_KEY_ID", "STATE_SECRET_ACCESS_KEY"]);
    for (const file of ["clock.yml", "deploy.yml", "release.yml"])
      for (const { run = "", env = {} } of Object.values(readWorkflow(file).jobs).flatMap(
        (job) => job.steps,
      )) {
        const clouds = Object.entries(env).filter(([key]) =>
          /^(TF_VAR|AWS|STATE|HCLOUD|CLOUDFLARE)_/.test(key),
        );
        // Production's job applies nothing, so it has no key to a state.
        const isFile = run === "./scripts/credentials.sh" && env.STACK !== undefined;
        expect(Object.fromEntries(clouds), run).toEqual(
          /^\.\/olympus (sleep|wake) /.test(run) ? tokens : isFile ? keys : {},
        );
      }
  });

  test("name no environment: a third one needs no line there", () => {
    const names = [loadFleet().reference, ...loadFleet().mirrors].map(({ name }) => name).join("|");
    for (const file of ["clock.yml", "clock-watch.yml", "release.yml"]) {
      const code = workflowText(file).replaceAll(/#.*/g, "");
      expect(code.match(new RegExp(`(?<![a-z])(${names})(?![a-z])`, "gi")), file).toBeNull();
    }
  });

  test("whose the tokens are stands beside them in every step", () => {
    for (const file of WORKFLOW_FILES)
      for (const [name, job] of Object.entries(readWorkflow(file).jobs))
        for (const { env = {} } of job.steps)
          if ("HCLOUD_TOKEN" in env || "SMOKE_PASSWORD" in env)
            expect([file, name, env.OLYMPUS_CREDENTIALS_OF]).toEqual([file, name, job.environment]);
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
      .parse(readWorkflow("clock-watch.yml").on);
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
