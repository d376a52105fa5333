import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, expect, test } from "vitest";
import { childEnvironment } from "../../../lib/process-env.ts";
import { FILES } from "./values.ts";

let folder: string;
const at = (...path: string[]): string => join(folder, ...path);

/** Answers of a host by status, so many of them within 5 s, as Caddy writes them. */
const counts = (code: number, all: number, quick = all, began = "1.7960928104383638e+09"): string => {
  const labels = `code="${code}",handler="subroute",host="login.example",method="GET"`;
  const name = "caddy_http_request_duration_seconds";
  return [
    `caddy_config_last_reload_success_timestamp_seconds ${began}`,
    `${name}_bucket{${labels},le="2.5"} ${quick}`,
    `${name}_bucket{${labels},le="5"} ${quick}`,
    `${name}_bucket{${labels},le="10"} ${all}`,
    `${name}_sum{${labels}} 12.5`,
    `${name}_count{${labels}} ${all}`,
    `${name}_count{${labels.replace("subroute", "reverse_proxy")}} ${all}`,
    `caddy_http_requests_total{handler="subroute"} 7`,
    "",
  ].join("\n");
};
const QUIET = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "olympus-visitors-"));
  for (const name of ["run", "shims", "answers"]) mkdirSync(at(name));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs `words`; Caddy says these, one after the other. One that says nothing does not run. */
async function run(words: string, answers: readonly string[]): Promise<string> {
  rmSync(at("answers"), { recursive: true });
  mkdirSync(at("answers"));
  for (const [number, text] of answers.entries()) writeFileSync(at("answers", String(number)), text);
  writeFileSync(
    at("shims/curl"),
    `#!/bin/bash\nnext=$(ls ${at("answers")} | sort -n | head -n 1)\n[ -n "$next" ] && [ -s "${at("answers")}/$next" ] || { rm -f "${at("answers")}/$next"; exit 7; }\ncat "${at("answers")}/$next"; rm "${at("answers")}/$next"\n`,
  );
  chmodSync(at("shims/curl"), 0o755);
  const libs = ["lib", "hold-lib", "visitors-lib"].map(
    (name) => `. ${join(FILES, "bin", `olympus-${name}`)}`,
  );
  const { stdout } = await execa("bash", ["-euo", "pipefail", "-c", [...libs, words].join("\n")], {
    env: childEnvironment({ OLYMPUS_RUN: at("run"), PATH: `${at("shims")}:/usr/sbin:/usr/bin:/sbin:/bin` }),
    extendEnv: false,
  });
  return stdout;
}
const published = (): string => readFileSync(at("run/metrics/visitors.prom"), "utf8");

test("answers of others before it are not a start's: what came since is counted, errors and slow ones by themselves", async () => {
  const before = counts(200, 1000, 990) + counts(502, 8);
  const after = counts(200, 1100, 1087) + counts(502, 10) + counts(503, 1);
  expect(await run("visitors_begin; visitors_report", [before, after])).toBe(
    "visitors got 103 answers, 3 of them errors (5xx), 3 after more than 5 s",
  );
  expect(published()).toContain('olympus_start_answers_total{kind="failed"} 3\n');
});

test("a Caddy that loads its configuration counts from zero, whether it has fewer answers by then or more", async () => {
  const words = "visitors_begin; visitors_count; visitors_report";
  for (const [after, all] of [
    [7, 27],
    [600, 620],
  ] as const) {
    const loaded = counts(200, after, after, "1.7960928904383638e+09");
    expect(await run(words, [counts(200, 500), counts(200, 520), loaded])).toMatch(
      new RegExp(`^visitors got ${all} `),
    );
  }
});

test("where no Caddy runs, before the first start or at its end, that is no fault", async () => {
  expect(await run("visitors_begin; visitors_report", [QUIET, counts(200, 4)])).toMatch(/^visitors got 4 /);
  expect(await run("visitors_begin; visitors_report", [counts(200, 4), QUIET])).toMatch(/^visitors got 0 /);
});

test("what is published adds up over starts, and so does the time for which visitors were held", async () => {
  for (const _ of ["once", "again"])
    await run("visitors_begin; held=1500; visitors_report", [QUIET, counts(200, 4, 3) + counts(502, 2)]);
  expect(published()).toBe(
    [
      'olympus_start_answers_total{kind="all"} 12',
      'olympus_start_answers_total{kind="failed"} 4',
      'olympus_start_answers_total{kind="slow"} 2',
      "olympus_start_held_seconds_total 3.000",
      "",
    ].join("\n"),
  );
});
