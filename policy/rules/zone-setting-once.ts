import { withResource, withResources } from "../examples.ts";
import { everywhere, type Resource, repeated, show } from "../resources.ts";
import type { Rule } from "../rule.ts";

export const rule: Rule = {
  id: "zone-setting-once",
  reason: "A zone has its settings once, and a destroyed stack leaves them: two owners overwrite each other.",
  remedy: "Set a zone's settings in one stack, each once.",
  check: (subjects) => {
    const settings = everywhere(subjects, "cloudflare_zone_setting");
    const owner = ({ body }: Resource) =>
      settings.find((first) => first.body.zone_id === body.zone_id)?.stack;
    const strays = settings.filter((setting) => owner(setting) !== setting.stack);
    const twice = repeated(settings, ({ body }) => JSON.stringify([body.zone_id, body.setting_id]));
    return [...new Set([...strays, ...twice])].map((setting) => ({
      stack: setting.stack,
      path: `${setting.path}.setting_id`,
      found: `${show(setting.body.setting_id)} of a zone whose settings ${owner(setting)} has`,
    }));
  },
  passing: [
    withResources("cloudflare_zone_setting", {
      a: { zone_id: "1", setting_id: "ssl" },
      b: { zone_id: "1", setting_id: "ipv6" },
    }),
  ],
  failing: [
    withResource("cloudflare_zone_setting", { zone_id: "1", setting_id: "ssl" }, { stack: "zone" }),
    withResource("cloudflare_zone_setting", { zone_id: "1", setting_id: "ipv6" }, { stack: "staging" }),
  ],
};
