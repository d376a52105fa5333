import { withResource } from "../examples.ts";
import { each, list, object, show, when } from "../resources.ts";
import type { Rule } from "../rule.ts";

export const rule: Rule = {
  id: "worker-secrets",
  reason:
    "A secret in a binding is plaintext in the state; one set by hand is lost at the next deploy unless kept.",
  remedy: "Set secrets with wrangler, declare none, and list secret_text in keep_bindings.",
  check: each("cloudflare_workers_script", ({ bindings, keep_bindings }) => [
    ...when(
      !list(keep_bindings).includes("secret_text"),
      "keep_bindings",
      `${show(keep_bindings)} lacks secret_text`,
    ),
    ...list(bindings).flatMap((binding, i) =>
      when(object(binding).type === "secret_text", `bindings.${i}`, "a secret would be in the state"),
    ),
  ]),
  passing: [withResource("cloudflare_workers_script", { keep_bindings: ["secret_text"] })],
  failing: [
    withResource("cloudflare_workers_script", {}),
    withResource("cloudflare_workers_script", {
      keep_bindings: ["secret_text"],
      bindings: [{ type: "secret_text" }],
    }),
  ],
};
