import { Failure } from "../../../lib/failure.ts";
import { CLIENT_IDS } from "./clients.ts";
import type { ExistingIdentities } from "./existing-identities.ts";
import type { SeedOptions } from "./options.ts";
import { type SeedSpec, sizes } from "./people.ts";
import { PROFILES } from "./profiles.ts";

/** What a run would do, before it does it. */
export function seedPlanText(
  environment: string,
  cast: SeedSpec,
  roster: ExistingIdentities,
  options: SeedOptions,
): string {
  const total = totalPeople(cast);
  const shares = Object.entries(cast.mix).map(([schema, share]) => `${share} % ${schema}`);
  return [
    `${environment}: ${total} synthetic people requested, ${roster.present} exist, ${total - roster.present} to create`,
    ...(cast.document
      ? [`  ${cast.users} of the seed document: staging-user-N@example.com`]
      : [
          `  ${cast.users} able to log in, of seed ${cast.number}: ${shares.join(", ")}`,
          ...PROFILES.map(({ name, count, meaning }) => `  ${count} ${name}: ${meaning}`),
          `  ${CLIENT_IDS.length} OAuth2 clients, and consents of some people`,
        ]),
    `  ${options.batch} people per request, ${options.inFlight} concurrent requests`,
  ].join("\n");
}

export const totalPeople = (cast: SeedSpec): number =>
  Object.values(sizes(cast)).reduce((sum, size) => sum + size, 0);

/** People of another number hold the identifiers that ours want. Throws a {@link Failure} that says so. */
export function refuseOtherSeeds({ strays }: ExistingIdentities, { document, number }: SeedSpec): void {
  if (document || strays.size === 0) return;
  const held = [...strays].map(([other, count]) => `${count} of seed ${other}`).join(", ");
  throw new Failure(
    `Synthetic people of another seed exist: ${held}. They have the user names and customer numbers that those of seed ${number} need. Pass their number with --seed, or start over with an empty database.`,
  );
}
