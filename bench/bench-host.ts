import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { wholeNumber } from "../cli/shared/numbers.ts";
import { Failure } from "../lib/failure.ts";
import { stderrProgress as progress, step } from "../lib/progress.ts";
import { measureBackup } from "./host/backup.ts";
import { measureLogins } from "./host/logins.ts";
import { provisionHostUnderTest } from "./host/machine.ts";
import { measureMemory } from "./host/memory.ts";
import { measureRelease } from "./host/release.ts";
import { type HostFigures, hostTable } from "./host/table.ts";
import { measureTimes, summarize, type Times } from "./host/times.ts";
import { benchmarkHeader } from "./result.ts";

const FILE = join("build", "bench-host.json");
/** An environment that may be thrown away; both run the same files. */
const ENVIRONMENT = "staging";

interface Options {
  readonly machines: number;
  readonly restarts: number;
  readonly logins: number;
  readonly people: number;
  readonly rounds: number;
  readonly json?: boolean;
}

const program = new Command("bench-host")
  .description(
    "Measures the whole host on machines of the sandbox: times to healthy, memory at rest, a login through Caddy against Kratos alone, release and smoke test, backup and restore against pg_dump and pg_restore alone. Needs root.",
  )
  .option(
    "--machines <count>",
    "machines that are brought up from nothing, one after the other",
    wholeNumber(1, 50),
    3,
  )
  .option("--restarts <count>", "restarts on each", wholeNumber(1, 50), 2)
  .option("--logins <count>", "logins each way, on the last", wholeNumber(1, 9999), 100)
  .option("--people <count>", "people who are backed up and restored", wholeNumber(1, 100_000), 10_000)
  .option("--rounds <count>", "releases, backups and restores, on the last", wholeNumber(1, 50), 3)
  .option("--json", `print JSON (it is always written to ${FILE})`)
  .action(bench);

async function bench({ json, ...options }: Options): Promise<void> {
  const head = benchmarkHeader(options.machines);
  const figures = await measure(options);
  const text = JSON.stringify({ ...head, ...figures }, null, 2);
  mkdirSync("build", { recursive: true });
  writeFileSync(FILE, `${text}\n`);
  console.log(json ? text : hostTable(head, figures));
}

async function measure({ machines, restarts, logins, people, rounds }: Options): Promise<HostFigures> {
  const times: Times[] = [];
  for (let number = 1; ; number += 1) {
    const host = await step(progress, `machine ${number} of ${machines}`, () =>
      provisionHostUnderTest(ENVIRONMENT),
    );
    try {
      times.push(await step(progress, "times", () => measureTimes(host, restarts)));
      if (number < machines) continue;
      return {
        times: summarize(times),
        memory: await step(progress, "memory at rest", () => measureMemory(host)),
        logins: await step(progress, `${logins} logins each way`, () => measureLogins(host, logins)),
        backup: await step(progress, `${rounds} backups and restores of ${people} people`, () =>
          measureBackup(host, people, rounds),
        ),
        release: await step(progress, `${rounds} releases`, () => measureRelease(host, rounds)),
      };
    } finally {
      await host.end();
    }
  }
}

program.parseAsync().catch((error: unknown) => {
  console.error(error instanceof Failure ? error.message : error);
  process.exitCode = 1;
});
