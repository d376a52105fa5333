import type { PlannedResource } from "./json.ts";

/** Something planned that no second apply brings back, or that visitors notice. */
export interface Risk {
  readonly address: string;
  readonly action: "destroy" | "replace" | "unprotect";
  /** `loss`: gone for good. `outage`: down for a while. `exposure`: nothing yet, but the next run may destroy. */
  readonly kind: "loss" | "outage" | "exposure";
  /** One sentence of what it means. */
  readonly meaning: string;
}

/** Resource types that carry state, and what it costs to lose one. */
const STATEFUL: Readonly<Record<string, Pick<Risk, "kind" | "meaning">>> = {
  hcloud_volume: { kind: "loss", meaning: "Everything that the environment stores is on it." },
  hcloud_primary_ip: {
    kind: "loss",
    meaning: "The address goes back to Hetzner; another one takes its place.",
  },
  cloudflare_zone: { kind: "loss", meaning: "Every record and setting of the zone goes with it." },
  hcloud_server: {
    kind: "outage",
    meaning: "Nothing answers until a new machine has booted and a release has started on it.",
  },
  hcloud_volume_attachment: { kind: "outage", meaning: "The machine has no data volume in the meantime." },
  cloudflare_origin_ca_certificate: {
    kind: "outage",
    meaning: "Cloudflare revokes the old one; the host presents it until a release installs the new one.",
  },
};
const PROTECTIONS = ["delete_protection", "rebuild_protection"] as const;

/**
 * What is dangerous in one planned resource. A lifted lifecycle.prevent_destroy is in no plan: the policy rule
 * `stateful-protected` ties it to delete_protection, which is.
 */
export function risksOf({ address, type, change }: PlannedResource): Risk[] {
  const stateful = STATEFUL[type];
  if (change.actions.includes("delete")) {
    const action = change.actions.includes("create") ? "replace" : "destroy";
    return stateful ? [{ address, action, ...stateful }] : [];
  }
  return PROTECTIONS.filter(
    (name) => flag(change.before, name) === true && flag(change.after, name) !== true,
  ).map((name) => ({
    address,
    action: "unprotect",
    kind: "exposure",
    meaning: `${name} is lifted: the next run can destroy it.`,
  }));
}

const flag = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
