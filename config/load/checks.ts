import { existsSync } from "node:fs";
import { csrPath } from "./environment.ts";
import { publicHosts, zoneOf } from "./hosts.ts";
import { comesOnce } from "./local-time.ts";
import type { Problem } from "./problems.ts";
import type { Base, Extras, MirrorOverlay } from "./schema.ts";

/** What no single field can say: problems between fields and between environments. */
export function crossChecks(base: Base, overlays: Readonly<Record<string, MirrorOverlay>>): Problem[] {
  const names = Object.keys(overlays);
  return Object.entries(overlays).flatMap(([name, overlay]) => [
    ...domainProblems(name, overlay, base),
    ...names
      .slice(0, names.indexOf(name))
      .filter((other) => overlays[other]?.domain === overlay.domain)
      .map((other) =>
        problem(
          name,
          "domain",
          overlay.domain,
          `another domain than ${other}'s`,
          "give each environment a domain of its own",
        ),
      ),
    ...(overlay.extras ? clockProblems(name, overlay.extras) : []),
  ]);
}

const problem = (name: string, path: string, value: string, allowed: string, remedy: string): Problem => ({
  file: `config/${name}.ts`,
  path,
  value: JSON.stringify(value),
  allowed,
  remedy,
});

function domainProblems(name: string, { domain }: MirrorOverlay, base: Base): Problem[] {
  const zones = Object.keys(base.zones);
  const zone = zoneOf(domain, zones);
  if (!zone)
    return [
      problem(
        name,
        "domain",
        domain,
        `${zones.join(", ")}, or one label below`,
        "the free certificate covers one label: write it such as staging.your-app.com, and its zone in config/base.ts",
      ),
    ];
  const long = Object.values(publicHosts(domain, zone)).find((host) =>
    host.split(".").some((label) => label.length > 63),
  );
  if (long)
    return [
      problem(
        name,
        "domain",
        domain,
        "labels of at most 63 characters",
        `shorten it: ${long} has a longer one`,
      ),
    ];
  if (!existsSync(csrPath(domain)))
    return [
      problem(
        name,
        "domain",
        domain,
        `a domain with a certificate request at ${csrPath(domain)}`,
        `run \`./olympus csr ${name}\``,
      ),
    ];
  return [];
}

/** Least time between two commands of the clock, in minutes: a stop, a start or a refresh takes a while. */
const APART = 60;
type Event = { field: string; at: number };

function clockProblems(name: string, extras: Extras): Problem[] {
  const { nightlyStop, morningStart, monthlyRefresh } = extras;
  const crons: Record<string, string> = {
    nightlyStop,
    morningStart,
    monthlyRefresh,
    "seed.cron": extras.seed.cron,
  };
  const fields = Object.keys(crons);
  const cronOf = (field: string): string => crons[field] ?? "";
  const astray = fields.filter((field) => !comesOnce(cronOf(field), extras.timeZone));
  if (astray.length)
    return astray.map((field) =>
      problem(
        name,
        `extras.${field}`,
        cronOf(field),
        `a time that comes once on every day in ${extras.timeZone}`,
        "move it away from the hour that is skipped or repeated when the clocks change",
      ),
    );
  const events = fields
    .flatMap((field) => yearlyOccurrences(cronOf(field)).map((at): Event => ({ field, at })))
    .sort((a, b) => a.at - b.at);
  const never = fields.filter((field) => !events.some((event) => event.field === field));
  if (never.length)
    return never.map((field) =>
      problem(name, `extras.${field}`, cronOf(field), "a time that exists", "correct the day"),
    );

  const clash = events.find((event, i) => {
    const next = events[i + 1];
    return next && next.field !== event.field && next.at - event.at < APART;
  });
  if (clash)
    return [
      problem(
        name,
        `extras.${clash.field}`,
        cronOf(clash.field),
        `a time at least ${APART} minutes from the other commands`,
        "move it: two commands would overlap",
      ),
    ];

  const nights = events.filter(({ field }) => field === "nightlyStop" || field === "morningStart");
  const twice = nights.find((event, i) => nights[i + 1]?.field === event.field);
  return twice
    ? [
        problem(
          name,
          `extras.${twice.field}`,
          cronOf(twice.field),
          "as many stops as starts, in turn",
          "use the same days of the week for nightlyStop and morningStart",
        ),
      ]
    : [];
}

const WEEK = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/** Every firing of a year by the local clock, in minutes since it began: a year sees every weekday and month end. */
function yearlyOccurrences(cron: string): number[] {
  const [minute, hour, dayOfMonth, , weekdays = "*"] = cron.split(" ");
  return Array.from({ length: 365 }, (_, day) => new Date(Date.UTC(2026, 0, 1 + day)))
    .filter((date) => dayOfMonth === "*" || Number(dayOfMonth) === date.getUTCDate())
    .filter((date) => weekdays === "*" || namedDays(weekdays).has(date.getUTCDay()))
    .map((date) => date.getTime() / 60_000 + Number(hour) * 60 + Number(minute));
}

/** `MON-FRI,SUN` as numbers of days. A range may pass the end of the week. */
function namedDays(field: string): Set<number> {
  const days = field.split(",").flatMap((part) => {
    const [from = "", to = from] = part.split("-");
    const first = WEEK.indexOf(from);
    const length = ((WEEK.indexOf(to) - first + 7) % 7) + 1;
    return Array.from({ length }, (_, i) => (first + i) % 7);
  });
  return new Set(days);
}
