import type { Ground } from "../lib/ground.ts";
import type { SeedOptions } from "./options.ts";
import { type Cast, sizes } from "./people.ts";
import { refuseStrangers } from "./plan.ts";
import type { SeedReport } from "./report.ts";
import type { Roster } from "./roster.ts";
import { complete, create } from "./run.ts";

/** Makes whoever of a cast is missing, and what special people lack. `roster`: who is there, as `look` found. */
export async function fill(
  environment: string,
  ground: Ground,
  cast: Cast,
  roster: Roster,
  pace: Pick<SeedOptions, "batch" | "inFlight">,
): Promise<SeedReport> {
  refuseStrangers(roster, cast);
  const password = await ground.password();
  const creation = await create(ground, cast, roster, pace, password);
  const rest = cast.document ? undefined : await complete(ground, cast, password);
  const created = creation.created + creation.found;
  return {
    ...{ environment, seed: cast.number, wanted: sizes(cast), present: roster.present, created },
    ...{ repeated: creation.repeated, failed: [...creation.failed, ...(rest?.failed ?? [])] },
    ...{ pending: rest?.pending ?? [], clients: rest?.clients ?? 0, consents: rest?.consents ?? 0 },
    ...{ beyond: roster.beyond, others: roster.others, seconds: creation.seconds },
    perSecond: created / Math.max(creation.seconds, 0.001),
  };
}
