import type { Json } from "../parity/json.ts";

export type CloudflarePlan = "free" | "pro" | "business";

/** An environment as its zone's rules must know it. */
export interface ZoneEnvironment {
  /** Host by service: `ciam`, `pgadmin`. */
  readonly hosts: Readonly<Record<string, string>>;
  /** Whether real people use it; else it is open to the office alone. */
  readonly isPublic: boolean;
  /** Ranges of the office. */
  readonly office: readonly string[];
  /** Logins that Caddy lets one visitor make in a window such as `1m`. */
  readonly logins: { readonly events: number; readonly window: string };
}

/** One stack as it will be written: Terraform's JSON and what goes with it to the machine. */
export interface Subject {
  readonly stack: string;
  /** The document that Terraform reads. */
  readonly document: Json;
  /** Plain values for the machine; absent for a stack without one. */
  readonly env?: Readonly<Record<string, string>>;
  /** What each of those values must be, by its key: the table that travels with them. */
  readonly envKeys?: Readonly<Record<string, { readonly form?: string; readonly pattern?: string }>>;
  /** Files of the release, by path; absent for a stack without a machine. */
  readonly bundle?: Readonly<Record<string, string>>;
  /** Every host that the environment may name as its own. */
  readonly hosts?: readonly string[];
  /** Values of the overlay, as the configuration says them. */
  readonly declared?: {
    readonly hostType: string;
    readonly rateLimits: Readonly<Record<string, { readonly events: number; readonly window: string }>>;
  };
  /** Of a zone's stack: who uses each of its environments. */
  readonly visitors?: readonly ZoneEnvironment[];
  /** Pinned images with the architectures that their manifests name; undefined where nobody has read it. */
  readonly images?: Readonly<
    Record<string, { readonly reference: string; readonly architectures?: readonly string[] | undefined }>
  >;
  /** What Cloudflare's plan lets a zone hold. */
  readonly plan?: CloudflarePlan;
  /** The name of the zone that the stack's records are in. */
  readonly zone?: string;
  /** Ranges that Cloudflare's edge connects from. */
  readonly edgeRanges?: readonly string[];
  /** Whether this run may destroy volume and addresses; it may not unless this says so. */
  readonly destroyable?: boolean;
}

/** Something accepted by the providers and wrong all the same. */
export interface Violation {
  readonly stack: string;
  readonly path: string;
  /** What is wrong here, with the value that is. */
  readonly found: string;
}

/**
 * One check. `check` is pure and sees every stack at once, so that a rule can also compare them.
 * The examples are the smallest that pass and fail; a test runs each.
 */
export interface Rule {
  readonly id: string;
  /** Why anyone should care. */
  readonly reason: string;
  readonly remedy: string;
  readonly check: (subjects: readonly Subject[]) => Violation[];
  readonly passing: readonly Subject[];
  readonly failing: readonly Subject[];
}
