import { withResource } from "../examples.ts";
import { each, object, when } from "../resources.ts";
import type { Rule } from "../rule.ts";

export const rule: Rule = {
  id: "origin-certificate-handover",
  reason:
    "Any change makes a new certificate; if the old one is revoked first, every host is down in between.",
  remedy: "Set lifecycle.create_before_destroy to true.",
  check: each("cloudflare_origin_ca_certificate", ({ lifecycle }) =>
    when(
      object(lifecycle).create_before_destroy !== true,
      "lifecycle.create_before_destroy",
      "the old certificate is revoked before the new one exists",
    ),
  ),
  passing: [withResource("cloudflare_origin_ca_certificate", { lifecycle: { create_before_destroy: true } })],
  failing: [withResource("cloudflare_origin_ca_certificate", {})],
};
