import { Construct } from "constructs";
import { ZoneSetting } from "./cloudflare.ts";

/** Settings of a zone, by Cloudflare's ids. A zone has them once, whoever shares it. */
const SETTINGS = {
  ssl: "strict",
  min_tls_version: "1.2",
  tls_1_3: "on",
  always_use_https: "on",
  // Cloudflare shows its client certificate to the origin: the second wall behind the firewall.
  tls_client_auth: "on",
} as const;

export class ZoneSettings extends Construct {
  constructor(scope: Construct, id: string, zoneId: string) {
    super(scope, id);
    for (const [settingId, value] of Object.entries(SETTINGS)) {
      new ZoneSetting(this, settingId, { zoneId, settingId, value: value as never });
    }
  }
}
