import { openGround } from "./lib/ground.ts";
import { environmentNamed } from "./release/target.ts";
import { castOf, type SeedOptions } from "./seed/options.ts";
import { sizes } from "./seed/people.ts";
import { planText, refuseStrangers } from "./seed/plan.ts";
import { reportText, type SeedReport } from "./seed/report.ts";
import { complete, create, look } from "./seed/run.ts";

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
    refuseStrangers(roster, cast);
    const password = await ground.password();
    const creation = await create(ground, cast, roster, options, password);
    const rest = cast.document ? undefined : await complete(ground, cast, password);
    const created = creation.created + creation.found;
    const report: SeedReport = {
      ...{ environment: name, seed: cast.number, wanted: sizes(cast), present: roster.present, created },
      ...{ repeated: creation.repeated, failed: [...creation.failed, ...(rest?.failed ?? [])] },
      ...{ pending: rest?.pending ?? [], clients: rest?.clients ?? 0, consents: rest?.consents ?? 0 },
      ...{ beyond: roster.beyond, others: roster.others, seconds: creation.seconds },
      perSecond: created / Math.max(creation.seconds, 0.001),
    };
    console.log(options.json ? JSON.stringify(report, null, 2) : reportText(report));
    process.exitCode = report.failed.length ? 1 : 0;
  } finally {
    await ground.close();
  }
}
