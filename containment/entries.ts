/** What a team may accept knowingly: what it is and the way out of it, by a name that configuration uses. */
export const ENTRIES = {
  "shared-zone": {
    what: "Cloudflare's tokens are for a zone as a whole: where environments share one, the token of each changes the records of all",
    wayOut: "a zone of its own for the mirror: another `domain` in its file and the zone in `zones`",
  },
  "shared-site": {
    what: "hosts below one registrable domain may crowd out each other's cookies, and their pages pass SameSite",
    wayOut: "a registrable domain of its own for the mirror",
  },
  "plan-of-pull-requests": {
    what: "a pull request of this repository runs its code beside tokens that read every environment's clouds",
    wayOut: "leave the job `plan` out of pr.yml, and plan after the merge",
  },
  "plan-on-a-laptop": {
    what: "a state names the provider that a plan runs, so that whoever writes one runs code on the laptop that plans it",
    wayOut:
      "lock the providers (`./olympus provider-lock`), or plan each environment where only its own tokens are",
  },
} as const satisfies Record<string, { readonly what: string; readonly wayOut: string }>;

export type EntryName = keyof typeof ENTRIES;

/** A decision: why it is accepted, and the day on which it must be decided again (`2027-05-31`). */
export interface Acceptance {
  readonly reason: string;
  readonly until: string;
}
export type Accepted = Readonly<Partial<Record<EntryName, Acceptance | undefined>>>;

const DAY_MS = 86_400_000;
const WARNED_DAYS = 30;

/** Where an entry stands on a day: accepted, accepted and soon to be decided again, expired, or never accepted. Without a day nothing expires. */
export function standing(
  accepted: Accepted,
  name: string,
  today: Date | undefined,
): "accepted" | "expires soon" | "expired" | "not accepted" {
  const entry = accepted[name as EntryName];
  if (!entry) return "not accepted";
  if (!today) return "accepted";
  // Through the last hour of that day.
  const left = Date.parse(`${entry.until}T23:59:59Z`) - today.getTime();
  if (left < 0) return "expired";
  return left < WARNED_DAYS * DAY_MS ? "expires soon" : "accepted";
}
