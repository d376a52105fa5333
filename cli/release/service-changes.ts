import { printableLine } from "../../lib/printable.ts";
import { shortened } from "../../lib/text.ts";
import type { ServedRelease } from "./served.ts";
import { versionSteps } from "./version-steps.ts";

/**
 * What a release does to a service. `reloaded`: no connection ends. `replaced`: its new container takes the place of the old one.
 * `restarted`: so does the database's, with Kratos and Hydra. `migrated`: tables change before anything else does.
 */
export type ServiceEffect = "migrated" | "restarted" | "replaced" | "reloaded" | "made" | "removed";

export interface ServiceChange {
  readonly service: string;
  readonly effect: ServiceEffect;
  /** What of it differs: its image, values by key, files by path, or its place in the compose files. */
  readonly because: readonly string[];
}

const CADDY = "caddy";
const POSTGRES = "postgres";
const MIGRATION = /-migrate$/;

/** Files that are made into something which a service mounts, beside those that its compose file mounts from the release. */
const MADE_OF: Readonly<Record<string, readonly string[]>> = {
  [CADDY]: ["caddy/"],
  alertmanager: ["monitoring/alertmanager.yml", "bin/olympus-receivers"],
};

/**
 * What the next release would do to each service that it changes, in the order of the compose files' names. The machine decides by
 * the same (bin/olympus-revisions), and by its secrets, which only it sees.
 */
export function serviceChanges(before: ServedRelease, after: ServedRelease): ServiceChange[] {
  const names = [...new Set([...before.services.keys(), ...after.services.keys()])].sort();
  return names
    .filter((name) => runs(name, before) || runs(name, after))
    .flatMap((service): ServiceChange[] => {
      if (!runs(service, before)) return [{ service, effect: "made", because: [] }];
      if (!runs(service, after)) return [{ service, effect: "removed", because: [] }];
      const because = differing(inputs(service, before), inputs(service, after));
      return because.length ? [{ service, effect: effectOf(service, because, after), because }] : [];
    });
}

/** The mail sandbox is in the files of every environment. */
const runs = (name: string, { services, values }: ServedRelease): boolean =>
  services.has(name) && (name !== "mailpit" || values.get("MAIL_SANDBOX") === "1");

const DEFINITION = "its compose file";
const IMAGE = "image";

/** All that a service is made of, by what a person calls it. */
function inputs(name: string, release: ServedRelease): Map<string, string> {
  const definition = release.services.get(name) ?? "";
  const mounted = [...definition.matchAll(/"\.\/([^:"]+):/g)].map(([, path = ""]) => path);
  const secrets = [...definition.matchAll(/"([a-z-]+)\.[A-Z][A-Z0-9_]+"/g)].map(
    ([, of]) => `secrets/${of}.env`,
  );
  const from = [...mounted, ...secrets, ...(MADE_OF[name] ?? [])];
  const [, image = ""] = /\$\{(IMAGE_[A-Z_]+)\}/.exec(definition) ?? [];
  return new Map([
    [DEFINITION, definition],
    [IMAGE, release.images.get(image) ?? image],
    ...[...release.values].filter(([key]) => release.consumers.get(key)?.includes(name)),
    ...[...release.sums].filter(([path]) =>
      from.some((one) => path === one || path.startsWith(one.endsWith("/") ? one : `${one}/`)),
    ),
  ]);
}

const differing = (before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] =>
  [...new Set([...before.keys(), ...after.keys()])].filter((key) => before.get(key) !== after.get(key));

function effectOf(service: string, because: readonly string[], after: ServedRelease): ServiceEffect {
  if (MIGRATION.test(service)) return "migrated";
  if (service === POSTGRES) return "restarted";
  const isLoaded = (input: string) =>
    input.startsWith("caddy/") || after.consumers.get(input)?.includes(CADDY);
  return service === CADDY && because.every(isLoaded) ? "reloaded" : "replaced";
}

/**
 * Whether a release changes tables, the database itself, or what is done in it: what serves must be in a backup first. So it must
 * where it does not say what it is made of.
 */
export const touchesData = (before: ServedRelease, after: ServedRelease): boolean =>
  !before.services.size ||
  serviceChanges(before, after).some(({ effect }) => effect === "migrated" || effect === "restarted") ||
  differing(before.sums, after.sums).some((path) => path.startsWith("postgres/"));

const IN_PLACE = /^c?iam-(kratos|hydra)$/;
const BESIDE = /^(c?iam-(hera|athena)|site)$/;

/** What visitors notice of it, as measured on two cores (docs/decisions/029-a-release-touches-what-it-changes.md). */
function pauseOf({ service, effect }: ServiceChange, apart: readonly string[]): string {
  if (effect === "migrated" && apart.some((program) => service.endsWith(`-${program.toLowerCase()}-migrate`)))
    return ", everybody waits until it is replaced";
  if (effect === "restarted") return ", everybody waits some 3 s";
  if (effect !== "replaced") return "";
  if (service === CADDY) return ", new connections wait 1 to 3 s";
  if (BESIDE.test(service)) return ", visitors wait less than a second";
  return IN_PLACE.test(service) ? ", visitors wait 2 to 4 s" : ", away for some seconds";
}

/** The same for a person: a line for each service that is changed, and one with the number of the others. */
export function serviceLines(before: ServedRelease, after: ServedRelease): string[] {
  const changes = serviceChanges(before, after);
  const apart = versionSteps(before, after).flatMap((step) => (step.sharesTables ? [] : [step.program]));
  const others = [...after.services.keys()].filter(
    (name) => runs(name, after) && !MIGRATION.test(name) && !changes.some(({ service }) => service === name),
  );
  return [
    ...changes.map((change) => {
      const { service, effect, because } = change;
      const why = because.length ? `: ${shortened(because.join(", "), 100)}` : "";
      return printableLine(`${service} is ${effect}${pauseOf(change, apart)}${why}`);
    }),
    ...(others.length ? [`${others.length} services are not touched`] : []),
  ];
}
