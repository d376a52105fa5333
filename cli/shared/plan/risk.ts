import type { PlannedResource } from "./json.ts";

/** Something planned that no second apply brings back, that visitors notice, or that the cloud will refuse. */
export interface Risk {
  readonly address: string;
  readonly action: (typeof RISK_ACTIONS)[number];
  readonly kind: (typeof RISK_KINDS)[number];
  /** One sentence of what it means. */
  readonly meaning: string;
}
export const RISK_ACTIONS = ["create", "update", "destroy", "replace", "unprotect", "revoked"] as const;
/**
 * `loss`: gone for good. `outage`: down for a while. `exposure`: nothing yet, but the next run may destroy. `refused`: the
 * apply would fail half-way, so nothing of it may start.
 */
export const RISK_KINDS = ["loss", "outage", "exposure", "refused"] as const;

/** Resource types that carry state, and what it costs to lose one. */
const STATEFUL: Readonly<Record<string, Pick<Risk, "kind" | "meaning">>> = {
  hcloud_volume: { kind: "loss", meaning: "Everything that the environment stores is on it." },
  hcloud_primary_ip: {
    kind: "loss",
    meaning: "The address goes back to Hetzner; another one takes its place.",
  },
  cloudflare_zone: { kind: "loss", meaning: "Every record and setting of the zone goes with it." },
  cloudflare_dns_record: {
    kind: "outage",
    meaning:
      "Its host is not found in the meantime; a wrong zone id looks like this, for every record at once.",
  },
  hcloud_server: {
    kind: "outage",
    meaning: "Nothing answers until a new machine has booted and a release has started on it.",
  },
  hcloud_volume_attachment: { kind: "outage", meaning: "The machine has no data volume in the meantime." },
  cloudflare_origin_ca_certificate: {
    kind: "outage",
    meaning:
      "Cloudflare revokes the old one; the host presents it until the new one is among the secrets and a release brings it.",
  },
};
const PROTECTIONS = ["delete_protection", "rebuild_protection"] as const;

/**
 * What is dangerous in one planned resource. `isGone`: what it creates was deleted outside Terraform. A lifted
 * lifecycle.prevent_destroy is in no plan: the policy rule `stateful-protected` ties it to delete_protection, which is.
 */
export function risksOf(resource: PlannedResource, isGone = false): Risk[] {
  const { address, type, change } = resource;
  const stateful = STATEFUL[type];
  if (change.actions.includes("delete")) {
    const action = change.actions.includes("create") ? "replace" : "destroy";
    return stateful ? [{ address, action, ...stateful }] : [];
  }
  if (change.actions.includes("create"))
    return isGone && type === "cloudflare_origin_ca_certificate"
      ? [{ address, action: "create", kind: "outage", meaning: GONE_CERTIFICATE }]
      : [];
  return [
    ...resizes(resource),
    ...PROTECTIONS.filter(
      (name) => value(change.before, name) === true && value(change.after, name) !== true,
    ).map((name) => ({
      address,
      action: "unprotect" as const,
      kind: "exposure" as const,
      meaning: `${name} is lifted: the next run can destroy it.`,
    })),
  ];
}

const GONE_CERTIFICATE =
  "The host presents one that Cloudflare does not know any more, and visitors get 526 until the new one is released.";

/** Other sizes of what stays: a machine is off for it, and a volume only grows. */
function resizes({ address, type, change: { before, after } }: PlannedResource): Risk[] {
  const [was, is] = type === "hcloud_volume" ? [value(before, "size"), value(after, "size")] : [];
  if (typeof was === "number" && typeof is === "number" && is < was)
    return [
      {
        address,
        action: "update",
        kind: "refused",
        meaning: `Hetzner makes no volume smaller (${was} GB to ${is} GB): set volumeGb back to ${was}.`,
      },
    ];
  const types = [before, after].map((side) => value(side, "server_type"));
  return type === "hcloud_server" && types[0] !== types[1]
    ? [
        {
          address,
          action: "update",
          kind: "outage",
          meaning: `The machine is off while it changes from ${types[0]} to ${types[1]}: some minutes.`,
        },
      ]
    : [];
}

const value = (of: unknown, name: string): unknown =>
  typeof of === "object" && of !== null ? Reflect.get(of, name) : undefined;
