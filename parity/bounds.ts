import type { Difference } from "./difference.ts";
import { keysOf } from "./json.ts";

/** What may make a mirror differ: the keys of the overlay, its extras, and a run that was allowed to destroy. */
export const CAUSES = ["domain", "hostType", "rateLimits", "extras", "destroyable"] as const;
export type Cause = (typeof CAUSES)[number];

export interface Bound {
  readonly cause: Cause;
  /** Path; `*` is one part of it, a closing `**` any rest. */
  readonly where: string;
  /**
   * `text`: only texts of the domain change inside a text. `value`: the value as a whole may change.
   * `whole`: everything at this path is new, nothing of it stands in the reference.
   */
  readonly how: "text" | "value" | "whole";
  readonly reason: string;
}

export const BOUNDS: readonly Bound[] = [
  { cause: "domain", where: "**", how: "text", reason: "a host name may show wherever a host is named" },
  {
    cause: "hostType",
    where: "stack.resource.hcloud_server.server.server_type",
    how: "value",
    reason: "a mirror may be smaller",
  },
  { cause: "hostType", where: "stack.output.monthly_cost.value.**", how: "value", reason: "and costs less" },
  {
    cause: "rateLimits",
    where: "env.RATE_LIMIT_*",
    how: "value",
    reason: "testers log in more often than real people",
  },
  {
    cause: "extras",
    where: "stack.resource.*.*",
    how: "whole",
    reason: "what only a non-production environment has is whole resources",
  },
  { cause: "extras", where: "units.*", how: "whole", reason: "its timers are whole units" },
  {
    cause: "extras",
    where: "env.MAIL_SANDBOX",
    how: "value",
    reason: "the bundle is the same; a value turns Mailpit on",
  },
  {
    cause: "extras",
    where: "env.SMS_BUDGET",
    how: "value",
    reason: "simulation costs money only where logins are simulated",
  },
  {
    cause: "extras",
    where: "env.DISPOSABLE",
    how: "value",
    reason: "data of synthetic people only may be dropped",
  },
  {
    cause: "extras",
    where: "env.SSH_KEYS",
    how: "value",
    reason: "developers may log in where there is only synthetic data",
  },
  {
    cause: "destroyable",
    where: "stack.resource.*.*.lifecycle.prevent_destroy",
    how: "value",
    reason: "OLYMPUS_ALLOW_DESTROY, for one run",
  },
  {
    cause: "destroyable",
    where: "stack.resource.*.*.delete_protection",
    how: "value",
    reason: "OLYMPUS_ALLOW_DESTROY, for one run",
  },
];

/** The rows that allow `cause` to show as this difference. */
export function allowing(cause: Cause, difference: Difference, bounds: readonly Bound[] = BOUNDS): Bound[] {
  return bounds.filter((bound) => bound.cause === cause && covers(bound, difference));
}

function covers({ where, how }: Bound, difference: Difference): boolean {
  const pattern = where.split(".");
  const keys = keysOf(difference.path);
  const open = pattern.at(-1) === "**";
  const fixed = open ? pattern.slice(0, -1) : pattern;
  // A new whole covers all that lies below it; a value only itself.
  const deepEnough = open || how === "whole" ? keys.length >= fixed.length : keys.length === fixed.length;
  if (!deepEnough || !fixed.every((part, i) => globs(part, keys[i] ?? ""))) return false;
  if (how === "text") return difference.textOnly;
  return how === "value" || difference.isNewBelow(fixed.length);
}

const globs = (part: string, key: string): boolean =>
  part === "*" || (part.endsWith("*") ? key.startsWith(part.slice(0, -1)) : part === key);
