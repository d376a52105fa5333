import { withResource } from "../examples.ts";
import { each, list, when } from "../resources.ts";
import type { Rule } from "../rule.ts";

export const rule: Rule = {
  id: "access-domain",
  reason: "A self-hosted Access application without a domain protects nothing, and is refused only at apply.",
  remedy: "Name the domain, or the destinations, that it protects.",
  check: each("cloudflare_zero_trust_access_application", ({ type, domain, destinations }) =>
    when(
      type === "self_hosted" && !domain && list(destinations).length === 0,
      "domain",
      "a self-hosted application without a domain",
    ),
  ),
  passing: [
    withResource("cloudflare_zero_trust_access_application", { type: "self_hosted", domain: "a.example" }),
  ],
  failing: [withResource("cloudflare_zero_trust_access_application", { type: "self_hosted" })],
};
