import { existsSync, readFileSync } from "node:fs";
import { architectureOf, monthlyCost, total } from "../prices.ts";
import { requestRefusal } from "./certificate-request.ts";
import { clockProblems } from "./clock-checks.ts";
import { csrPath, servesRealPeople } from "./environment.ts";
import { publicHosts, zoneOf } from "./hosts.ts";
import { type Problem, problemOf } from "./problems.ts";
import type { NamedOverlays } from "./run.ts";
import type { Base, MirrorOverlay } from "./schema.ts";
import { mailDomain } from "./zone-records.ts";

/**
 * What no single field can say: problems between fields and between environments. `requests`: the folder of certificate
 * requests; undefined while they are still to be made.
 */
export const crossChecks = (base: Base, overlays: NamedOverlays, requests: string | undefined): Problem[] => [
  ...sshProblems(base),
  ...backupProblems(base),
  ...mailProblems(base, overlays),
  ...overlays.flatMap(([name, overlay], i) => [
    ...domainProblems(name, overlay, base, requests),
    ...overlays
      .slice(0, i)
      .filter(([, other]) => other.domain === overlay.domain)
      .map(([other]) =>
        problemOf(
          name,
          "domain",
          overlay.domain,
          `another domain than ${other}'s`,
          "give each environment a domain of its own",
        ),
      ),
    ...fallbackProblems(name, overlay),
    ...budgetProblems(name, overlay, base),
    ...(overlay.extras ? clockProblems(name, overlay.extras) : []),
  ]),
];

/** A mirror of another architecture would run other programs. That environments have one is a rule of the policy. */
const fallbackProblems = (name: string, { hostType, extras }: MirrorOverlay): Problem[] =>
  (extras?.fallbackTypes ?? [])
    .filter((type) => architectureOf(type) !== architectureOf(hostType))
    .map((type) =>
      problemOf(
        name,
        "extras.fallbackTypes",
        type,
        `types of ${architectureOf(hostType)}, as hostType ${hostType} is`,
        "cax types are ARM, all others x86: choose others of the same kind",
      ),
    );

/** Without a night: where Hetzner has no machine to order in the morning, none is given up in the evening. */
function budgetProblems(
  name: string,
  { hostType }: MirrorOverlay,
  { environments, volumeGb }: Base,
): Problem[] {
  const budget = environments[name]?.budget;
  const cost = total(monthlyCost({ hostType, volumeGb }));
  return budget === undefined || cost <= budget
    ? []
    : [
        problemOf(
          "base",
          `environments.${name}.budget`,
          String(budget),
          `at least ${cost.toFixed(2)}, which ${name} costs a month with ${hostType} when it never sleeps`,
          "choose a smaller hostType, or agree on a higher budget: `./olympus cost` says what it is made of",
        ),
      ];
}

/** Ranges that one rule of a firewall may have (Hetzner Cloud, limits of firewalls). */
const RANGES_OF_A_RULE = 100;

/** One rule lets operators and the office in. */
function sshProblems({ operators, office }: Base): Problem[] {
  const count = new Set([...operators.cidrs, ...office.cidrs]).size;
  return count <= RANGES_OF_A_RULE
    ? []
    : [
        {
          file: "config/base.ts",
          path: "operators.cidrs",
          value: `${count} ranges together with office.cidrs`,
          allowed: `at most ${RANGES_OF_A_RULE} in one rule of Hetzner's firewall`,
          remedy: "merge neighbours into wider ranges, or let people come through a VPN",
        },
      ];
}

/** A fire or a failure of the place must not take the data and its backups. */
function backupProblems({ backup, location }: Base): Problem[] {
  const { hostname } = new URL(backup.endpoint);
  return hostname.split(/[.-]/).includes(location)
    ? [
        problemOf(
          "base",
          "backup.endpoint",
          backup.endpoint,
          `a store in another place than the server's, ${location}`,
          "choose a store in another location, at best of another provider",
        ),
      ]
    : [];
}

/** Records for a domain that nobody sends from protect nothing, and the one that is sent from would lack them. */
function mailProblems({ dns, zones }: Base, overlays: NamedOverlays): Problem[] {
  const senders = overlays.flatMap(([, { domain, extras }]) =>
    servesRealPeople({ extras }) ? [domain] : [],
  );
  const places = senders.flatMap((domain) => zoneOf(domain, Object.keys(zones)) ?? []);
  if (!dns?.mail || places.some((zone) => senders.includes(mailDomain(zone, dns)))) return [];
  return [
    {
      file: "config/base.ts",
      path: "dns.mail.label",
      value: JSON.stringify(dns.mail.label) ?? "nothing, the zone itself",
      allowed: `the place of a domain in a zone of config/base.ts that real people get mail from: ${senders.join(", ")}`,
      remedy: "write what stands before the zone's name in that domain, nothing where it is the zone itself",
    },
  ];
}

function domainProblems(
  name: string,
  { domain }: MirrorOverlay,
  base: Base,
  requests: string | undefined,
): Problem[] {
  const zones = Object.keys(base.zones);
  const zone = zoneOf(domain, zones);
  if (!zone)
    return [
      problemOf(
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
      problemOf(
        name,
        "domain",
        domain,
        "labels of at most 63 characters",
        `shorten it: ${long} has a longer one`,
      ),
    ];
  return requests === undefined ? [] : requestProblems(name, domain, csrPath(domain, requests));
}

function requestProblems(name: string, domain: string, file: string): Problem[] {
  if (!existsSync(file))
    return [
      problemOf(
        name,
        "domain",
        domain,
        `a domain with a certificate request at ${file}`,
        `run \`./olympus csr ${name}\``,
      ),
    ];
  const refused = requestRefusal(readFileSync(file, "utf8"), name, domain);
  return refused
    ? [
        {
          file,
          path: "(whole file)",
          value: `a file that ${refused.why}`,
          allowed: refused.allowed,
          remedy: refused.remedy,
        },
      ]
    : [];
}
