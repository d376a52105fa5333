import { withResource } from "../examples.ts";
import { each, show, texts } from "../resources.ts";
import type { Rule } from "../rule.ts";

export const rule: Rule = {
  id: "origin-certificate-wildcard",
  reason:
    "A wildcard certifies the other environment's names too: a holder of its key can pose as that origin.",
  remedy: "List the names one by one.",
  check: each("cloudflare_origin_ca_certificate", ({ hostnames }) =>
    texts(hostnames)
      .filter((name) => name.includes("*"))
      .map((name) => ({ at: "hostnames", found: show(name) })),
  ),
  passing: [withResource("cloudflare_origin_ca_certificate", { hostnames: ["a.example"] })],
  failing: [withResource("cloudflare_origin_ca_certificate", { hostnames: ["*.example"] })],
};
