import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { type AdminApiOptions, connectAdminApis } from "../cli/shared/admin-apis.ts";
import { wholeNumber } from "../cli/shared/numbers.ts";
import { environmentNamed } from "../cli/shared/target.ts";
import { PACE } from "../cli/staging/seed/pace.ts";
import { Failure } from "../lib/failure.ts";
import { benchmarkHeader } from "./result.ts";
import { grid, loop, promiseAll, type Speed } from "./seed.ts";

const FILE = join("build", "bench-seed.json");
const AIMS = { loop: 120, knee: 0.9 };

interface Options extends AdminApiOptions {
  readonly local: boolean | string;
  readonly people: number;
  readonly rounds: number;
  readonly json?: boolean;
}

const program = new Command("bench:seed")
  .description(
    "People a second: the seed document's curl loop, a Promise.all of POSTs, and batches by size and number at once. Makes people and leaves them: run it against a stack on this machine that you throw away.",
  )
  .option("--local [ports]", "first port of CIAM's four and of IAM's", "3100,4100")
  .option("--people <count>", "people of each measured batch run", wholeNumber(200, 100_000), 1000)
  .option("--rounds <count>", "number of runs to take the median of", wholeNumber(1, 50), 3)
  .option("--json", `print JSON (it is always written to ${FILE})`)
  .action(bench);

async function bench(options: Options): Promise<void> {
  const ground = await connectAdminApis(environmentNamed("staging"), options, "olympus-bench");
  try {
    const { people, rounds } = options;
    const url = `http://127.0.0.1:${String(options.local).split(",")[0]}`;
    const slow = [await loop(adminOf(url)), await promiseAll(ground.ciam.kratos.admin)];
    const batches = await grid(ground, people, rounds, PACE);
    const shipped = batches.find((point) => point.shipped);
    if (!shipped) throw new Failure(`the grid lacks what is shipped: ${JSON.stringify(PACE)}`);
    const ratios = {
      overLoop: shipped.perSecond / (slow[0]?.perSecond ?? Number.NaN),
      overPromiseAll: shipped.perSecond / (slow[1]?.perSecond ?? Number.NaN),
      ofKnee: Math.min(...batches.map(({ ratio }) => ratio)),
    };
    const met = ratios.overLoop >= AIMS.loop && ratios.ofKnee >= AIMS.knee;
    const text = JSON.stringify(
      { ...benchmarkHeader(rounds), people, slow, batches, ratios, aims: AIMS, met },
      null,
      2,
    );
    mkdirSync("build", { recursive: true });
    writeFileSync(FILE, `${text}\n`);
    const line = ({ name, perSecond }: Speed) => `${name.padEnd(44)} ${perSecond.toFixed(1).padStart(8)}/s`;
    const { load, cpu, cores } = benchmarkHeader(rounds);
    const summary = `shipped: ${ratios.overLoop.toFixed(0)} times the loop (aim ${AIMS.loop}), ${(100 * ratios.ofKnee).toFixed(0)} % of the knee (aim ${100 * AIMS.knee}): ${met ? "met" : "missed"}`;
    console.log(
      options.json
        ? text
        : [
            `${cpu}, ${cores} cores, load ${load.toFixed(1)}`,
            ...[...slow, ...batches].map(line),
            summary,
          ].join("\n"),
    );
  } finally {
    await ground.close();
  }
}

/** The admin port is the one after the public one. */
const adminOf = (url: string): string => url.replace(/\d+$/, (port) => String(Number(port) + 1));

program.parseAsync().catch((error: unknown) => {
  console.error(error instanceof Failure ? error.message : error);
  process.exitCode = 1;
});
