import { connectAdminApis } from "../shared/admin-apis.ts";
import type { TargetOptions } from "../shared/target.ts";
import { seedSpecOf } from "../staging/seed/options.ts";
import { PACE } from "../staging/seed/pace.ts";
import { totalPeople } from "../staging/seed/plan.ts";
import { findExistingIdentities } from "../staging/seed/run.ts";
import { composed } from "./subject.ts";

/** How many synthetic people an environment is to have. */
export interface PeopleCount {
  readonly present: number;
  readonly wanted: number;
}

/** Counts them by the admin APIs of its machine. */
export async function countPeople(name: string, target: TargetOptions): Promise<PeopleCount> {
  const options = { ...target, ...PACE };
  const admin = await connectAdminApis(composed(name).environment, options, "olympus-doctor");
  try {
    const spec = seedSpecOf(options, admin.extras.seed);
    const { present } = await findExistingIdentities(admin, spec);
    return { present, wanted: totalPeople(spec) };
  } finally {
    await admin.close();
  }
}
