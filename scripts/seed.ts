import { openGround } from "./lib/ground.ts";
import { environmentNamed } from "./release/target.ts";
import { fill } from "./seed/fill.ts";
import { castOf, type SeedOptions } from "./seed/options.ts";
import { sizes } from "./seed/people.ts";
import { planText } from "./seed/plan.ts";
import { reportText } from "./seed/report.ts";
import { look } from "./seed/run.ts";

const USER_AGENT = "olympus-seed";

/** Fills an environment with synthetic people. Exit code 1 when somebody could not be made. */
export async function seed(name: string, options: SeedOptions): Promise<void> {
  const ground = await openGround(environmentNamed(name), options, USER_AGENT);
  try {
    const cast = castOf(options, ground.extras.seed);
    const roster = await look(ground, cast);
    const plan = planText(name, cast, roster, options);
    if (options.dryRun) {
      const { present, beyond, others } = roster;
      const values = { environment: name, wanted: sizes(cast), seed: cast.number, present, beyond, others };
      console.log(options.json ? JSON.stringify(values, null, 2) : plan);
      return;
    }
    console.error(plan);
    const report = await fill(name, ground, cast, roster, options);
    console.log(options.json ? JSON.stringify(report, null, 2) : reportText(report));
    process.exitCode = report.failed.length ? 1 : 0;
  } finally {
    await ground.close();
  }
}
