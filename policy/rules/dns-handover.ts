import { withResource } from "../examples.ts";
import { each, object, when } from "../resources.ts";
import type { Rule } from "../rule.ts";

export const rule: Rule = {
  id: "dns-handover",
  reason: "A record that is deleted before its successor is made leaves none where the successor is refused.",
  remedy: "Set lifecycle.create_before_destroy to true.",
  check: each("cloudflare_dns_record", ({ lifecycle }) =>
    when(
      object(lifecycle).create_before_destroy !== true,
      "lifecycle.create_before_destroy",
      "the old record is deleted before the new one exists",
    ),
  ),
  passing: [withResource("cloudflare_dns_record", { lifecycle: { create_before_destroy: true } })],
  failing: [withResource("cloudflare_dns_record", {})],
};
