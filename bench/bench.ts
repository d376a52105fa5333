import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { Failure } from "../lib/failure.ts";
import { growth } from "./growth.ts";
import { inTurn, measuresMemory } from "./measure.ts";
import { benchmarkHeader, type Comparison, compare } from "./result.ts";
import { floor, synth, validate } from "./synth.ts";
import { table } from "./table.ts";

/** Largest ratio of a synth to the mere loading of cdktf. */
const AIM = 1.5;
const SIZES = [32, 8, 2];
/** A fleet of 32 takes seconds, and its growth shows in few runs. */
const GROWTH_RUNS = 5;
const FILE = join("build", "bench.json");

const program = new Command("bench")
  .description(
    "Measures the synth against its floor, against terraform validate, and by the size of the fleet.",
  )
  .option("--runs <count>", "runs of each subject", positive, 15)
  .option("--json", `print JSON (it is always written to ${FILE})`)
  .action(bench);

async function bench({ runs, json }: { readonly runs: number; readonly json?: boolean }): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), "olympus-bench-"));
  try {
    const head = benchmarkHeader(runs);
    const comparisons = await comparisonsIn(scratch, runs);
    const text = JSON.stringify({ ...head, comparisons }, null, 2);
    mkdirSync("build", { recursive: true });
    writeFileSync(FILE, `${text}\n`);
    console.log(json ? text : table(head, comparisons));
    if (!measuresMemory) console.error("Peak memory was not measured: /usr/bin/time (GNU time) is missing.");
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function comparisonsIn(scratch: string, runs: number): Promise<Comparison[]> {
  const whole = synth(join(scratch, "cdktf.out"));
  const againstFloor = [whole, floor];
  const first = compare("Synth against loading cdktf", againstFloor, inTurn(againstFloor, runs), AIM);

  const title = "Synth against terraform validate of the result";
  const other = await validate(join(scratch, "cdktf.out"));
  const second =
    typeof other === "string"
      ? { title, rows: [], skipped: other }
      : compare(title, [whole, other], inTurn([whole, other], runs));

  const fleets = await Promise.all(SIZES.map((size) => growth(size, scratch)));
  const growthRuns = Math.min(runs, GROWTH_RUNS);
  const third = compare(
    `Growth of synth with parity and policy, inside the process (${growthRuns} runs)`,
    fleets,
    inTurn(fleets, growthRuns),
  );
  return [first, second, third];
}

function positive(text: string): number {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("a whole number from 1 to 9999 is allowed");
}

program.parseAsync().catch((error: unknown) => {
  console.error(error instanceof Failure ? error.message : error);
  process.exitCode = 1;
});
