import { withResource } from "../examples.ts";
import { each, isWrong, show, when } from "../resources.ts";
import type { Rule } from "../rule.ts";
import { ZONE_SETTINGS } from "../zone-settings.ts";

export const rule: Rule = {
  id: "zone-setting-value",
  reason:
    "The provider accepts any value for a setting, even a number for a string; Cloudflare refuses it only at apply.",
  remedy: 'Write one of the setting\'s values, as a string: "1.2", not 1.2.',
  check: each("cloudflare_zone_setting", ({ setting_id, value }) => {
    const allowed = ZONE_SETTINGS[String(setting_id)] ?? undefined;
    return when(
      allowed !== undefined && isWrong(value, (given) => allowed.includes(given)),
      "value",
      `${show(value)} is not one of ${show(allowed)}`,
    );
  }),
  passing: [withResource("cloudflare_zone_setting", { setting_id: "min_tls_version", value: "1.2" })],
  failing: [
    withResource("cloudflare_zone_setting", { setting_id: "ssl", value: "bogus" }),
    withResource("cloudflare_zone_setting", { setting_id: "min_tls_version", value: 1.2 }),
  ],
};
