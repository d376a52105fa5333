import type { AdminApis } from "../../shared/admin-apis.ts";
import type { ExistingIdentities } from "./existing-identities.ts";
import type { SeedOptions } from "./options.ts";
import { type SeedSpec, sizes } from "./people.ts";
import { refuseOtherSeeds } from "./plan.ts";
import type { SeedReport } from "./report.ts";
import { completeSpecialPeople, createMissingPeople } from "./run.ts";

/** Makes whoever of a cast is missing, and what special people lack. `roster`: who is there, as `look` found. */
export async function seedPeople(
  environment: string,
  ground: AdminApis,
  cast: SeedSpec,
  roster: ExistingIdentities,
  pace: Pick<SeedOptions, "batch" | "inFlight">,
): Promise<SeedReport> {
  refuseOtherSeeds(roster, cast);
  const password = await ground.password();
  const creation = await createMissingPeople(ground, cast, roster, pace, password);
  const rest = cast.document ? undefined : await completeSpecialPeople(ground, cast, password);
  const created = creation.created + creation.found;
  return {
    environment,
    seed: cast.number,
    wanted: sizes(cast),
    present: roster.present,
    created,
    repeated: creation.repeated,
    failed: [...creation.failed, ...(rest?.failed ?? [])],
    pending: rest?.pending ?? [],
    clients: rest?.clients ?? 0,
    consents: rest?.consents ?? 0,
    beyond: roster.beyond,
    others: roster.others,
    seconds: creation.seconds,
    perSecond: created / Math.max(creation.seconds, 0.001),
  };
}
