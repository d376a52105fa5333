import { withResource } from "../examples.ts";
import { each, isWrong, show, when } from "../resources.ts";
import type { Rule } from "../rule.ts";

const ZONE = { zone: "your-app.com" };

const isCovered = (host: string, zone: string): boolean =>
  host === zone || (host.endsWith(`.${zone}`) && !host.slice(0, -zone.length - 1).includes("."));

export const rule: Rule = {
  id: "dns-name-covered",
  reason:
    "Cloudflare's free certificate covers the zone and one label below it: a deeper name shows a certificate error.",
  remedy: "Put the name one label below the zone, such as staging-ciam.your-app.com.",
  check: each("cloudflare_dns_record", ({ name, proxied }, _, { zone }) =>
    when(
      zone !== undefined && proxied === true && isWrong(name, (host) => isCovered(String(host), zone)),
      "name",
      `${show(name)} is not one label below ${zone}`,
    ),
  ),
  passing: [withResource("cloudflare_dns_record", { proxied: true, name: "ciam.your-app.com" }, ZONE)],
  failing: [
    withResource("cloudflare_dns_record", { proxied: true, name: "ciam.staging.your-app.com" }, ZONE),
    withResource("cloudflare_dns_record", { proxied: true, name: "ciam" }, ZONE),
  ],
};
