import { withResource } from "../examples.ts";
import { each, show, when } from "../resources.ts";
import type { Rule } from "../rule.ts";

export const rule: Rule = {
  id: "server-protections-equal",
  reason: "Hetzner refuses a server whose delete and rebuild protection differ, but only at apply.",
  remedy: "Set delete_protection and rebuild_protection to the same value, or neither.",
  check: each("hcloud_server", ({ delete_protection = false, rebuild_protection = false }) =>
    when(
      delete_protection !== rebuild_protection,
      "rebuild_protection",
      `${show(rebuild_protection)}, while delete_protection is ${show(delete_protection)}`,
    ),
  ),
  passing: [withResource("hcloud_server", { delete_protection: true, rebuild_protection: true })],
  failing: [withResource("hcloud_server", { delete_protection: true })],
};
