import { existsSync } from "node:fs";
import { clockProblems } from "./clock-checks.ts";
import { csrPath } from "./environment.ts";
import { publicHosts, zoneOf } from "./hosts.ts";
import { type Problem, problemOf } from "./problems.ts";
import type { Base, MirrorOverlay } from "./schema.ts";

/** What no single field can say: problems between fields and between environments. */
export function crossChecks(base: Base, overlays: Readonly<Record<string, MirrorOverlay>>): Problem[] {
  const names = Object.keys(overlays);
  return Object.entries(overlays).flatMap(([name, overlay]) => [
    ...domainProblems(name, overlay, base),
    ...names
      .slice(0, names.indexOf(name))
      .filter((other) => overlays[other]?.domain === overlay.domain)
      .map((other) =>
        problemOf(
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

function domainProblems(name: string, { domain }: MirrorOverlay, base: Base): Problem[] {
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
  if (!existsSync(csrPath(domain)))
    return [
      problemOf(
        name,
        "domain",
        domain,
        `a domain with a certificate request at ${csrPath(domain)}`,
        `run \`./olympus csr ${name}\``,
      ),
    ];
  return [];
}
