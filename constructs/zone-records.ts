import { Construct } from "constructs";
import type { Dns } from "../config/load/dns-schema.ts";
import type { Environment } from "../config/load/environment.ts";
import { zoneRecords } from "../config/load/zone-records.ts";
import { DnsRecord } from "./cloudflare.ts";

/** Who may issue certificates for a zone and send mail for its domain. A zone has them once, whoever shares it. */
export class ZoneRecords extends Construct {
  constructor(scope: Construct, id: string, zone: Environment["zone"], dns: Dns) {
    super(scope, id);
    for (const { id: name, data, ...record } of zoneRecords(zone.name, dns)) {
      const made = new DnsRecord(this, name, {
        zoneId: zone.id,
        ...record,
        ...(data && { data: { tag: data.tag, value: data.value } }),
        // 1 is "automatic".
        ttl: 1,
        proxied: false,
        comment: "olympus-infra",
        lifecycle: { createBeforeDestroy: true },
      });
      // The provider takes number or string, which the bindings know as a map.
      if (data) made.addOverride("data.flags", data.flags);
    }
  }
}
