import { withResource } from "../examples.ts";
import { each, show, when } from "../resources.ts";
import type { Rule } from "../rule.ts";

/** Values that open what an identity service must keep closed, or hide what it answers. */
const WEAK: Readonly<Record<string, readonly string[]>> = {
  // A replayed first flight logs in twice.
  "0rtt": ["on"],
  always_online: ["on"],
  development_mode: ["on"],
  // Caddy believes the visitor's address that Cloudflare names.
  pseudo_ipv4: ["add_header", "overwrite_header"],
  // Rewrites scripts, against the login pages' own policy.
  rocket_loader: ["on"],
  email_obfuscation: ["on"],
  security_level: ["off", "essentially_off"],
};

export const rule: Rule = {
  id: "zone-setting-weak",
  reason: "The setting weakens both environments of the zone at once, where no mirror can show it.",
  remedy: "Take the setting out of constructs/zone-settings.ts, or give it its strict value.",
  check: each("cloudflare_zone_setting", ({ setting_id, value }) =>
    when(
      (WEAK[String(setting_id)] ?? []).includes(String(value)),
      "value",
      `${show(setting_id)} is ${show(value)}`,
    ),
  ),
  passing: [withResource("cloudflare_zone_setting", { setting_id: "security_level", value: "medium" })],
  failing: [
    withResource("cloudflare_zone_setting", { setting_id: "security_level", value: "off" }),
    withResource("cloudflare_zone_setting", { setting_id: "0rtt", value: "on" }),
  ],
};
