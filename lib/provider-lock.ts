import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "./failure.ts";
import { parsedJson } from "./json.ts";
import { providerLockPath, reattachedProviders } from "./process-env.ts";

/** What Terraform calls it, in the folder where it runs. */
export const LOCK_FILE = ".terraform.lock.hcl";

/** Tells a lock that was laid beside a stack from one that Terraform has made there for itself. */
const LAID = "# Laid here by synth, and read-only: ./olympus provider-lock makes what it is taken from.\n";

/** Versions and checksums of the providers that may run. */
export interface ProviderLock {
  /** Where it was read. */
  readonly path: string;
  readonly text: string;
  /** Addresses of providers that are served by a running process: Terraform locks none of them. */
  readonly reattached: readonly string[];
}

/** One provider of a lock. */
export interface LockedProvider {
  /** With the registry's host: `registry.terraform.io/hetznercloud/hcloud`. */
  readonly address: string;
  readonly version: string | undefined;
  /** As Terraform has written it. */
  readonly block: string;
}

/** A provider as a stack demands it: `hetznercloud/hcloud`, an exact version. */
export interface DemandedProvider {
  readonly source: string;
  readonly version: string;
}

/** The lock of this checkout, or that of the run; undefined where there is none. */
export function currentProviderLock(): ProviderLock | undefined {
  const path = providerLockPath();
  if (!existsSync(path)) return undefined;
  const reattached = parsedJson(reattachedProviders() ?? "{}");
  return { path, text: readFileSync(path, "utf8"), reattached: Object.keys(reattached ?? {}) };
}

/** The providers of a lock, by address. */
export const lockedProviders = (text: string): LockedProvider[] =>
  [...text.matchAll(/^provider "([^"]+)" \{\n(?: .*\n)*\}$/gm)]
    .map(([block, address = ""]) => ({ address, version: /^ +version += "(.*)"$/m.exec(block)?.[1], block }))
    .sort((a, b) => (a.address < b.address ? -1 : 1));

/** Whether this is the provider of that source, in whichever registry. */
const isOf = (address: string, source: string): boolean =>
  address === source || address.endsWith(`/${source}`);

/** What is demanded and not locked in that version, a line each. */
export const unlocked = (
  { text, reattached }: Omit<ProviderLock, "path">,
  demanded: readonly DemandedProvider[],
): string[] =>
  demanded
    .filter(({ source }) => !reattached.some((address) => isOf(address, source)))
    .flatMap(({ source, version }) => {
      const locked = lockedProviders(text).find(({ address }) => isOf(address, source));
      if (!locked) return [`${source} ${version} is not in it`];
      return locked.version === version
        ? []
        : [`${source} is locked at ${locked.version}, and this checkout has ${version}`];
    });

/**
 * The lock of one stack: exactly the blocks of the providers that it demands, since Terraform refuses a read-only lock that
 * it would have to change. Throws a {@link Failure} where one is missing or has another version.
 */
export function stackLock(lock: ProviderLock, demanded: readonly DemandedProvider[]): string {
  const problems = unlocked(lock, demanded);
  if (problems.length)
    throw new Failure(
      [
        `${lock.path} does not lock what the stacks demand:`,
        ...problems.map((line) => `  ${line}`),
        "Run `./olympus provider-lock` and commit the file; a sandbox makes its own at `sandbox down` and `up`.",
      ].join("\n"),
    );
  const blocks = lockedProviders(lock.text)
    .filter(({ address }) => demanded.some(({ source }) => isOf(address, source)))
    .map(({ block }) => `\n${block}\n`);
  return [LAID, ...blocks].join("");
}

/** Whether a lock of ours lies in a stack's folder. Terraform's own, which it makes where we have none, is no reason to refuse. */
export function isLockLaid(place: string): boolean {
  const file = join(place, LOCK_FILE);
  return existsSync(file) && readFileSync(file, "utf8").startsWith(LAID);
}
