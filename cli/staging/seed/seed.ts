import { connectAdminApis } from "../../shared/admin-apis.ts";
import { environmentNamed } from "../../shared/target.ts";
import { type SeedOptions, seedSpecOf } from "./options.ts";
import { sizes } from "./people.ts";
import { seedPlanText } from "./plan.ts";
import { seedReportText } from "./report.ts";
import { findExistingIdentities } from "./run.ts";
import { seedPeople } from "./seed-people.ts";

const USER_AGENT = "olympus-seed";

/** Fills an environment with synthetic people. Exit code 1 when somebody could not be made. `print` gets the answer. */
export async function seed(name: string, options: SeedOptions, print = console.log): Promise<void> {
  const ground = await connectAdminApis(environmentNamed(name), options, USER_AGENT);
  try {
    const cast = seedSpecOf(options, ground.extras.seed);
    const roster = await findExistingIdentities(ground, cast);
    const plan = seedPlanText(name, cast, roster, options);
    if (options.dryRun) {
      const { present, beyond, others } = roster;
      const values = { environment: name, wanted: sizes(cast), seed: cast.number, present, beyond, others };
      print(options.json ? JSON.stringify(values, null, 2) : plan);
      return;
    }
    console.error(plan);
    const report = await seedPeople(name, ground, cast, roster, options);
    print(options.json ? JSON.stringify(report, null, 2) : seedReportText(report));
    process.exitCode = report.failed.length ? 1 : 0;
  } finally {
    await ground.close();
  }
}
