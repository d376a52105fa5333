import { withResource } from "../examples.ts";
import { each, show, texts, when } from "../resources.ts";
import type { Rule } from "../rule.ts";

export const rule: Rule = {
  id: "origin-certificate-sorted",
  reason:
    "The order of the names is part of the certificate: another order is another certificate, and a restart.",
  remedy: "Sort the names, each once.",
  check: each("cloudflare_origin_ca_certificate", ({ hostnames }) => {
    const names = texts(hostnames);
    const sorted = [...new Set(names)].sort();
    return when(names.join() !== sorted.join(), "hostnames", `${show(names)} is not sorted, each once`);
  }),
  passing: [withResource("cloudflare_origin_ca_certificate", { hostnames: ["a.example", "b.example"] })],
  failing: [withResource("cloudflare_origin_ca_certificate", { hostnames: ["b.example", "a.example"] })],
};
