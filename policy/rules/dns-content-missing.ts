import { withResource } from "../examples.ts";
import { each, when } from "../resources.ts";
import type { Rule } from "../rule.ts";

export const rule: Rule = {
  id: "dns-content-missing",
  reason: "A record without content is refused only at apply.",
  remedy: "Write the content, or the data of a record that has parts.",
  check: each("cloudflare_dns_record", ({ content, data }) =>
    when(!content && data === undefined, "content", "no content"),
  ),
  passing: [withResource("cloudflare_dns_record", { content: "192.0.2.1" })],
  failing: [withResource("cloudflare_dns_record", { type: "A" })],
};
