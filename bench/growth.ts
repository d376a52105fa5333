import { copyFileSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { base } from "../config/base.ts";
import { shipped } from "../config/environments.ts";
import { csrPath } from "../config/load/environment.ts";
import type { ConfigSource } from "../config/load/source.ts";
import { prod } from "../config/prod.ts";
import { staging } from "../config/staging.ts";
import { newRequestAndKey } from "../lib/x509.ts";
import type { BenchmarkSubject } from "./measure.ts";

/** Where the program looks for requests from its root. */
const REQUESTS = join("config", "csr");

/** Synth with parity and policy of a fleet of so many environments, timed inside its process. Writes to `folder`. */
export async function growth(environments: number, folder: string): Promise<BenchmarkSubject> {
  const root = join(folder, `fleet-${environments}`);
  const domains = Array.from({ length: environments - 1 }, (_, i) => `m${i + 1}.example`);
  mkdirSync(join(root, "config", "csr"), { recursive: true });
  // Files that the program reads from where it runs.
  for (const part of ["host", "constructs"]) symlinkSync(resolve(part), join(root, part));
  copyFileSync(csrPath(prod.domain, REQUESTS), join(root, csrPath(prod.domain, REQUESTS)));
  for (const domain of domains)
    writeFileSync(join(root, csrPath(domain, REQUESTS)), (await newRequestAndKey(`CN=${domain}`)).request);
  writeFileSync(join(root, "source.json"), JSON.stringify(fleetOf(domains)));
  return {
    name: `${environments} environments`,
    steps: [{ command: ["node", "scripts/run.mjs", "stacks/timed.ts", root], selfTimed: true }],
  };
}

/**
 * The shipped reference, and for each domain a mirror like the shipped one. The limits of one zone and one account hold
 * for the whole fleet: each mirror is in a zone of its own, and only the first has a clock among its extras.
 */
export function fleetOf(domains: readonly string[]): ConfigSource {
  const { extras, ...plain } = staging;
  const id = (i: number): string => (i + 16).toString(16).padStart(32, "0");
  const names = domains.map((domain) => domain.slice(0, domain.indexOf(".")));
  const [identity] = Object.values(base.environments);
  const key = (i: number): string => `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${String(i).padStart(43, "0")}`;
  return {
    base: {
      ...base,
      environments: {
        ...base.environments,
        ...Object.fromEntries(names.map((name, i) => [name, { ...identity, deployKey: key(i) }])),
      },
      zones: { ...base.zones, ...Object.fromEntries(domains.map((domain, i) => [domain, id(i)])) },
    },
    reference: shipped.reference,
    mirrors: domains.map((domain, i) => [
      names[i] ?? domain,
      { ...plain, domain, ...(i === 0 && { extras }) },
    ]),
  };
}
