import { withResource } from "../examples.ts";
import { each, isWrong, matches, show, when } from "../resources.ts";
import type { Rule } from "../rule.ts";

export const rule: Rule = {
  id: "primary-ip-type",
  reason: "Hetzner has addresses of two families and refuses others only at apply.",
  remedy: "Write ipv4 or ipv6.",
  check: each("hcloud_primary_ip", ({ type }) =>
    when(isWrong(type, matches(/^ipv[46]$/)), "type", `${show(type)} is not an address family`),
  ),
  passing: [withResource("hcloud_primary_ip", { type: "ipv6" })],
  failing: [withResource("hcloud_primary_ip", { type: "ipv5" })],
};
