import type { Advisory } from "./osv.ts";
import type { OsvPackage } from "./pins.ts";

/** Numbers of a version; what stands behind them (a pre-release) counts as earlier than without. */
const parsed = (version: string) => {
  const [, numbers = "", rest = ""] = /^v?([\d.]*)(.*)$/.exec(version) ?? [];
  return { numbers: numbers.split(".").map(Number), isEarly: rest.startsWith("-") };
};

/** Below 0 where `a` is the earlier version. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [parsed(a), parsed(b)];
  for (let n = 0; n < Math.max(left.numbers.length, right.numbers.length); n++) {
    const difference = (left.numbers[n] ?? 0) - (right.numbers[n] ?? 0);
    if (difference) return difference;
  }
  return Number(right.isEarly) - Number(left.isEarly);
}

const entriesOf = ({ affected }: Advisory, { ecosystem, name }: OsvPackage) =>
  affected.filter((entry) => entry.package?.ecosystem === ecosystem && entry.package.name === name);

/**
 * Whether a version is within an advisory's ranges or versions; https://ossf.github.io/osv-schema/, "Evaluation". One that says
 * neither counts as affecting all.
 */
export function isAffected(advisory: Advisory, wanted: OsvPackage): boolean {
  return entriesOf(advisory, wanted).some(({ ranges, versions }) => {
    if (versions.some((version) => version.replace(/^v/, "") === wanted.version)) return true;
    const events = ranges.filter(({ type }) => type !== "GIT").flatMap((range) => range.events);
    if (!events.length) return !versions.length;
    return ranges.some(({ type, events: within }) => type !== "GIT" && isWithin(wanted.version, within));
  });
}

type Events = Advisory["affected"][number]["ranges"][number]["events"];

function isWithin(version: string, events: Events): boolean {
  const reached = (bound: string | undefined): bound is string =>
    bound !== undefined && (bound === "0" || compareVersions(bound, version) <= 0);
  const sorted = [...events].sort((a, b) => compareVersions(boundOf(a), boundOf(b)));
  let within = false;
  for (const { introduced, fixed, last_affected } of sorted) {
    if (reached(introduced)) within = true;
    if (reached(fixed)) within = false;
    if (last_affected !== undefined && compareVersions(version, last_affected) > 0) within = false;
  }
  return within;
}

const boundOf = ({ introduced, fixed, last_affected }: Events[number]): string =>
  introduced ?? fixed ?? last_affected ?? "0";

/** The first version after this one that has the fix; undefined where an advisory names none. */
export const fixedVersion = (advisory: Advisory, wanted: OsvPackage): string | undefined =>
  entriesOf(advisory, wanted)
    .flatMap(({ ranges }) => ranges.filter(({ type }) => type !== "GIT"))
    .flatMap(({ events }) => events.flatMap(({ fixed }) => (fixed === undefined ? [] : [fixed])))
    .filter((fixed) => compareVersions(fixed, wanted.version) > 0)
    .sort(compareVersions)[0];
