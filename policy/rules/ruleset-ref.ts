import { withResource } from "../examples.ts";
import { each, list, object, show, when } from "../resources.ts";
import type { Rule } from "../rule.ts";

export const rule: Rule = {
  id: "ruleset-ref",
  reason:
    "Without a ref of its own a rule gets a new id whenever the list changes, and every plan shows a difference.",
  remedy: "Give each rule a ref that no other rule of the ruleset has.",
  check: each("cloudflare_ruleset", ({ rules }) => {
    const refs = list(rules).map((rule) => object(rule).ref);
    return refs.flatMap((ref, i) => [
      ...when(!ref, `rules.${i}.ref`, "no ref"),
      ...when(Boolean(ref) && refs.indexOf(ref) < i, `rules.${i}.ref`, `${show(ref)} is used twice`),
    ]);
  }),
  passing: [withResource("cloudflare_ruleset", { rules: [{ ref: "a" }, { ref: "b" }] })],
  failing: [
    withResource("cloudflare_ruleset", { rules: [{}] }),
    withResource("cloudflare_ruleset", { rules: [{ ref: "a" }, { ref: "a" }] }),
  ],
};
