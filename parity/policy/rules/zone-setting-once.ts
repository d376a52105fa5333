import { withResource, withResources } from "../examples.ts";
import { everywhere, repeated, show } from "../resources.ts";
import type { Rule } from "../rule.ts";

export const rule: Rule = {
  id: "zone-setting-once",
  reason: "A zone has its settings once, and a destroyed stack leaves them: two owners overwrite each other.",
  remedy: "Set a zone's settings in one stack, each once.",
  check: (subjects) => {
    const settings = everywhere(subjects, "cloudflare_zone_setting");
    const owner = new Map(
      settings.map(({ stack, body }) => [show(body.zone_id), stack]).reverse() as [string, string][],
    );
    const strays = settings.filter(({ stack, body }) => owner.get(show(body.zone_id)) !== stack);
    const twice = repeated(settings, ({ body }) => JSON.stringify([body.zone_id, body.setting_id]));
    return [...new Set([...strays, ...twice])].map(({ stack, path, body }) => ({
      stack,
      path: `${path}.setting_id`,
      found: `${show(body.setting_id)} of a zone whose settings ${owner.get(show(body.zone_id))} owns`,
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
