import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { stderrProgress as progress, step } from "../sandbox/host/progress.ts";
import { measureLogins } from "./bench/host/logins.ts";
import { bringUp } from "./bench/host/machine.ts";
import { measureMemory } from "./bench/host/memory.ts";
import { type HostFigures, hostTable } from "./bench/host/table.ts";
import { measureTimes, summarize, type Times } from "./bench/host/times.ts";
import { header } from "./bench/result.ts";
import { Failure } from "./lib/failure.ts";

const FILE = join("build", "bench-host.json");
/** An environment that may be thrown away; both run the same files. */
const ENVIRONMENT = "staging";

interface Options {
  readonly machines: number;
  readonly restarts: number;
  readonly logins: number;
  readonly json?: boolean;
}

const program = new Command("bench-host")
  .description(
    "Measures the whole host on machines of the sandbox: times to healthy, memory at rest, a login through Caddy against Kratos alone. Needs root.",
  )
  .option("--machines <count>", "machines that are brought up from nothing, one after the other", positive, 3)
  .option("--restarts <count>", "restarts on each", positive, 2)
  .option("--logins <count>", "logins each way, on the last", positive, 100)
  .option("--json", `print JSON (it is always written to ${FILE})`)
  .action(bench);

async function bench({ machines, restarts, logins, json }: Options): Promise<void> {
  const head = header(machines);
  const figures = await measure(machines, restarts, logins);
  const text = JSON.stringify({ ...head, ...figures }, null, 2);
  mkdirSync("build", { recursive: true });
  writeFileSync(FILE, `${text}\n`);
  console.log(json ? text : hostTable(head, figures));
}

async function measure(machines: number, restarts: number, logins: number): Promise<HostFigures> {
  const times: Times[] = [];
  for (let number = 1; ; number += 1) {
    const host = await step(progress, `machine ${number} of ${machines}`, () => bringUp(ENVIRONMENT));
    try {
      times.push(await step(progress, "times", () => measureTimes(host, restarts)));
      if (number < machines) continue;
      const memory = await step(progress, "memory at rest", () => measureMemory(host));
      return {
        times: summarize(times),
        memory,
        logins: await step(progress, `${logins} logins each way`, () => measureLogins(host, logins)),
      };
    } finally {
      await host.end();
    }
  }
}

function positive(text: string): number {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("a whole number from 1 to 9999 is allowed");
}

program.parseAsync().catch((error: unknown) => {
  console.error(error instanceof Failure ? error.message : error);
  process.exitCode = 1;
});
