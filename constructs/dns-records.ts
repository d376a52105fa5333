import { Construct } from "constructs";
import type { Environment } from "../config/load/environment.ts";
import type { Addresses } from "./addresses.ts";
import { DnsRecord } from "./cloudflare.ts";

export interface DnsRecordsProps {
  readonly env: Environment;
  readonly addresses: Addresses;
  /** Host names, by the id of their records. */
  readonly hosts: Readonly<Record<string, string>>;
}

/** Proxied A and AAAA records: the world sees Cloudflare's addresses, never the server's. */
export class DnsRecords extends Construct {
  constructor(scope: Construct, id: string, { env, addresses, hosts }: DnsRecordsProps) {
    super(scope, id);
    for (const [service, name] of Object.entries(hosts)) {
      const record = (type: "A" | "AAAA", content: string) =>
        new DnsRecord(this, `${service}-${type.toLowerCase()}`, {
          zoneId: env.zone.id,
          name,
          type,
          content,
          proxied: true,
          // 1 is "automatic", the only value a proxied record keeps.
          ttl: 1,
          comment: `olympus-infra ${env.name}`,
          // Where the new one is refused (another zone's id), the old one must still be there.
          lifecycle: { createBeforeDestroy: true },
        });
      record("A", addresses.ipv4.ipAddress);
      record("AAAA", addresses.ipv6Host);
    }
  }
}
