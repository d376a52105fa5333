import { withResource } from "../examples.ts";
import { each, isWrong, matches, object, show, when } from "../resources.ts";
import type { Rule } from "../rule.ts";

/** hcloud-go, hcloud/labels.go. */
const VALUE = /^([a-z0-9]([\w.-]{0,61}[a-z0-9])?)?$/i;
const KEY = /^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?\/)?[a-z0-9]([\w.-]{0,61}[a-z0-9])?$/i;

export const rule: Rule = {
  id: "label-syntax",
  reason: "Hetzner refuses other labels; cron lines, times and e-mail addresses are not valid.",
  remedy:
    "Use at most 63 letters, digits, hyphens, dots and underscores, with a letter or digit at both ends.",
  check: each("hcloud_*", ({ labels }) =>
    Object.entries(object(labels)).flatMap(([key, value]) => [
      ...when(!KEY.test(key), `labels.${key}`, `the key ${show(key)} is not a valid label`),
      ...when(
        isWrong(value, matches(VALUE)),
        `labels.${key}`,
        `the value ${show(value)} is not a valid label`,
      ),
    ]),
  ),
  passing: [
    withResource("hcloud_server", { labels: { "example.com/managed-by": "olympus-infra", empty: "" } }),
  ],
  failing: [
    withResource("hcloud_server", { labels: { stop: "0 20 * * *" } }),
    withResource("hcloud_server", { labels: { ["k".repeat(64)]: "" } }),
  ],
};
