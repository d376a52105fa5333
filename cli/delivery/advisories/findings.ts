import type { AcceptedAdvisory } from "../../../config/load/accepts-schema.ts";
import { fixedVersion, isAffected } from "./affected.ts";
import type { Advisory, Osv } from "./osv.ts";
import type { OsvPackage, Pin } from "./pins.ts";

/** A published advisory that a pin has, under all names that it goes by. */
export interface AdvisoryFinding {
  readonly pin: Pin;
  readonly ids: readonly string[];
  readonly severity: string;
  readonly summary: string;
  /** The first version with the fix; undefined where none is named. */
  readonly fixed: string | undefined;
  /** What the team decided about it, where it did. */
  readonly accepted: AcceptedAdvisory | undefined;
  /** Whether that decision is over. */
  readonly isOverdue: boolean;
}

/** Records that are asked for at once. */
const AT_ONCE = 8;

/** Every advisory of every pin. Throws what {@link Osv} throws: there is no half answer. */
export async function findAdvisories(
  osv: Osv,
  pins: readonly Pin[],
  accepted: readonly AcceptedAdvisory[],
  today: string,
): Promise<AdvisoryFinding[]> {
  const asked = pins.flatMap((pin) => pin.packages.map((wanted) => ({ pin, wanted })));
  const ids = await osv.idsOf(asked.map(({ wanted }) => wanted));
  const records = await recordsOf(osv, [...new Set(ids.flat())]);
  const found = asked.flatMap(({ pin, wanted }, index) =>
    (ids[index] ?? [])
      .flatMap((id) => records.get(id) ?? [])
      .filter((advisory) => !advisory.withdrawn)
      .filter((advisory) => wanted.ecosystem !== "GitHub Actions" || isAffected(advisory, wanted))
      .map((advisory) => ({ pin, wanted, advisory })),
  );
  return pins.flatMap((pin) =>
    sameAdvisories(found.filter((one) => one.pin === pin)).map((group) =>
      finding(pin, group, accepted, today),
    ),
  );
}

interface Found {
  readonly wanted: OsvPackage;
  readonly advisory: Advisory;
}

async function recordsOf(osv: Osv, ids: readonly string[]): Promise<Map<string, Advisory>> {
  const records = new Map<string, Advisory>();
  for (let from = 0; from < ids.length; from += AT_ONCE)
    for (const record of await Promise.all(ids.slice(from, from + AT_ONCE).map((id) => osv.advisory(id))))
      records.set(record.id, record);
  return records;
}

/** One list for each fault: the same one is published by GitHub, by Go and as a CVE. */
function sameAdvisories(found: readonly Found[]): Found[][] {
  const groups: { readonly names: Set<string>; readonly of: Found[] }[] = [];
  for (const one of found) {
    const names = [one.advisory.id, ...one.advisory.aliases];
    const known = groups.find((group) => names.some((name) => group.names.has(name)));
    if (known) {
      known.of.push(one);
      for (const name of names) known.names.add(name);
    } else groups.push({ names: new Set(names), of: [one] });
  }
  return groups.map(({ of }) => of);
}

function finding(
  pin: Pin,
  group: readonly Found[],
  decisions: readonly AcceptedAdvisory[],
  today: string,
): AdvisoryFinding {
  const ids = [...new Set(group.flatMap(({ advisory }) => [advisory.id, ...advisory.aliases]))].sort(
    (a, b) => rank(a) - rank(b) || (a < b ? -1 : 1),
  );
  const advisories = group.map(({ advisory }) => advisory);
  const accepted = decisions.find(({ id, pin: name }) => name === pin.name && ids.includes(id));
  return {
    pin,
    ids,
    accepted,
    severity:
      advisories.flatMap((one) => one.database_specific.severity ?? [])[0] ??
      advisories.flatMap((one) => one.severity.map(({ score }) => score))[0] ??
      "not rated",
    summary: advisories.map(({ summary, details }) => summary || details).find(Boolean) ?? "",
    fixed: group.flatMap(({ advisory, wanted }) => fixedVersion(advisory, wanted) ?? [])[0],
    isOverdue: accepted !== undefined && accepted.until < today,
  };
}

/** GitHub's advisories have most to read. */
const rank = (id: string): number => ["GHSA-", "CVE-"].findIndex((prefix) => id.startsWith(prefix)) >>> 0;
