import { withResource } from "../examples.ts";
import { each, isWrong, show, when } from "../resources.ts";
import type { Rule } from "../rule.ts";
import { ZONE_SETTINGS } from "../zone-settings.ts";

export const rule: Rule = {
  id: "zone-setting-known",
  reason: "The provider accepts any setting id; Cloudflare refuses an unknown one only at apply.",
  remedy: "Write an id of Cloudflare's API, or add a new one to policy/zone-settings.ts.",
  check: each("cloudflare_zone_setting", ({ setting_id }) =>
    when(
      isWrong(setting_id, (id) => String(id) in ZONE_SETTINGS),
      "setting_id",
      `${show(setting_id)} is not a known setting`,
    ),
  ),
  passing: [withResource("cloudflare_zone_setting", { setting_id: "ssl" })],
  failing: [withResource("cloudflare_zone_setting", { setting_id: "tls" })],
};
