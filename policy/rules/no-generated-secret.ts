import { withResource } from "../examples.ts";
import { each, when } from "../resources.ts";
import type { Rule } from "../rule.ts";

export const rule: Rule = {
  id: "no-generated-secret",
  reason: "What Terraform generates is plaintext in its state.",
  remedy: "Generate keys and passwords outside Terraform, and keep them in the encrypted secrets file.",
  check: (subjects) =>
    ["tls_private_key", "random_password"].flatMap((type) =>
      each(type, () => when(true, "", `a ${type} keeps its value in the state`))(subjects),
    ),
  passing: [withResource("cloudflare_origin_ca_certificate", { csr: "..." })],
  failing: [withResource("tls_private_key", { algorithm: "ECDSA" })],
};
