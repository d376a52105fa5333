import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stderrProgress } from "../../../lib/progress.ts";
import { ensureProgram } from "../../../sandbox/programs/programs.ts";
import { skipWithout } from "../../sandbox/machines/tools.ts";
import { alerts, ruleFiles, testFiles } from "./rules.ts";

describe.skipIf(skipWithout(["go"]))("promtool", () => {
  let folder: string;
  let promtool: string;
  beforeAll(async () => {
    promtool = await ensureProgram("promtool", stderrProgress);
    folder = mkdtempSync(join(tmpdir(), "olympus-rules-"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** The outcome of one test file, run against a rule file in which one alert's expression is another. */
  const outcome = async (testFile: string, alert: string, expr: string) => {
    const name = basename(testFile).replace(".test.yml", "");
    const rules = readFileSync(join("host/release/monitoring/rules", `${name}.yml`), "utf8");
    const [head = "", tail = ""] = rules.split(`- alert: ${alert}\n`);
    const changed = tail.replace(/expr: (>-\n( {10}.*\n)+|.*\n)/, `expr: ${expr}\n`);
    const rulesPath = join(folder, `${alert}.yml`);
    writeFileSync(rulesPath, `${head}- alert: ${alert}\n${changed}`);
    const tests = readFileSync(testFile, "utf8").replace(/rule_files: .*/, `rule_files: [${rulesPath}]`);
    writeFileSync(join(folder, `${alert}.test.yml`), tests);
    const done = await execa(promtool, ["test", "rules", join(folder, `${alert}.test.yml`)], {
      reject: false,
    });
    return done.exitCode === 0 ? "" : done.stdout + done.stderr;
  };

  it("accepts the configuration and the rules", async () => {
    const config = [
      "check",
      "config",
      "--lint=all",
      "--lint-fatal",
      "host/release/monitoring/prometheus.yml",
    ];
    await execa(promtool, config, { env: { SITE_HOST: "site.example" } });
    await execa(promtool, ["check", "rules", "--lint=all", "--lint-fatal", ...ruleFiles()]);
  });
  it("sees each alert ring and be silent", async () => {
    await execa(promtool, ["test", "rules", ...testFiles()]);
  });
  it.each(alerts().map(({ alert }) => alert))(
    "has a test that notices when %s can no longer ring",
    async (alert) => {
      const file =
        testFiles().find((path) => readFileSync(path, "utf8").includes(`alertname: ${alert}\n`)) ?? "";
      expect(await outcome(file, alert, "vector(0) > 1")).toContain(`name: ${alert} rings`);
      if (alert !== "Watchdog")
        expect(await outcome(file, alert, "vector(1)")).toContain(`name: ${alert} is silent`);
    },
  );
});
