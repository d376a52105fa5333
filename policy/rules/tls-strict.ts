import { withResource, withResources } from "../examples.ts";
import { everywhere, groupBy, show } from "../resources.ts";
import type { Rule, Subject } from "../rule.ts";

const STRICT = {
  ssl: ["strict"],
  min_tls_version: ["1.2", "1.3"],
  always_use_https: ["on"],
  tls_1_3: ["on"],
  tls_client_auth: ["on"],
};

const zoneWith = (ssl: string): Subject =>
  withResources("cloudflare_zone_setting", {
    ssl: { zone_id: "1", setting_id: "ssl", value: ssl },
    tls: { zone_id: "1", setting_id: "min_tls_version", value: "1.2" },
    https: { zone_id: "1", setting_id: "always_use_https", value: "on" },
    tls13: { zone_id: "1", setting_id: "tls_1_3", value: "on" },
    client: { zone_id: "1", setting_id: "tls_client_auth", value: "on" },
  });

export const rule: Rule = {
  id: "tls-strict",
  reason:
    "Weaker settings let anyone between browser, Cloudflare and origin eavesdrop or pose as the origin.",
  remedy:
    "Set ssl to strict, min_tls_version to 1.2 or 1.3, and always_use_https, tls_1_3 and tls_client_auth to on, for every zone.",
  check: (subjects) => {
    const settings = everywhere(subjects, "cloudflare_zone_setting");
    const users = [...settings, ...everywhere(subjects, "cloudflare_dns_record")];
    return [...groupBy(users, ({ body }) => show(body.zone_id))].flatMap(([zone, [user]]) =>
      Object.entries(STRICT).flatMap(([id, strong]) => {
        const set = settings.find(({ body }) => show(body.zone_id) === zone && body.setting_id === id);
        if (strong.includes(String(set?.body.value))) return [];
        const path = set ? `${set.path}.value` : "resource.cloudflare_zone_setting";
        const stack = (set ?? user)?.stack ?? "";
        return [{ stack, path, found: `${id} of zone ${zone} is ${show(set?.body.value)}` }];
      }),
    );
  },
  passing: [zoneWith("strict")],
  failing: [zoneWith("full"), withResource("cloudflare_dns_record", { zone_id: "2" })],
};
