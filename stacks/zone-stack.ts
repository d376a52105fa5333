import type { Construct } from "constructs";
import { toSeconds } from "../config/load/duration.ts";
import type { Environment } from "../config/load/environment.ts";
import { ADMIN_SERVICES, PUBLISHED } from "../config/load/hosts.ts";
import { zoneStackName } from "../config/load/names.ts";
import { ZONE_RECORDS_ID } from "../config/load/zone-records.ts";
import { CloudflareAccess } from "../constructs/providers.ts";
import { ZoneRecords } from "../constructs/zone-records.ts";
import { ZoneRules } from "../constructs/zone-rules.ts";
import { ZoneSettings } from "../constructs/zone-settings.ts";
import { addBackend } from "./backend.ts";
import { ReadableStack } from "./naming.ts";
import { pinProviders } from "./pins.ts";

/** What a zone has only once, composed of what its environments need. */
export class ZoneStack extends ReadableStack {
  constructor(
    scope: Construct,
    environments: readonly [Environment, ...Environment[]],
    stateDirectory?: string,
  ) {
    const [{ zone, state, office, dns }] = environments;
    super(scope, zoneStackName(zone.name));
    addBackend(this, state, zoneStackName(zone.name), stateDirectory);
    new CloudflareAccess(this, "cloudflare", zoneStackName(zone.name));
    pinProviders(this, ["cloudflare"]);

    new ZoneSettings(this, "setting", zone.id);
    if (dns) new ZoneRecords(this, ZONE_RECORDS_ID, zone, dns);
    new ZoneRules(this, "rules", {
      zoneId: zone.id,
      hosts: environments.flatMap(published),
      // A rehearsal is nobody's business but the team's.
      closedHosts: environments.flatMap((env) =>
        env.extras
          ? [...published(env), env.hosts.mail]
          : ADMIN_SERVICES.filter((s) => s !== "mail").map((s) => env.hosts[s]),
      ),
      officeCidrs: office.cidrs,
      loginsPerTenSeconds: Math.max(...environments.map((env) => perTenSeconds(env.rateLimits.login))),
    });
  }
}

const published = (env: Environment): string[] => PUBLISHED.map((service) => env.hosts[service]);

/** Most events that a window lets through in any ten seconds. */
const perTenSeconds = ({ events, window }: { events: number; window: string }): number =>
  events * Math.max(1, Math.ceil(10 / toSeconds(window)));
