import { Failure } from "../../../lib/failure.ts";
import { namedVariable, variableNames } from "../../../lib/process-env.ts";
import { createCloudflareClient, type ZoneOffer } from "../../shared/cloudflare.ts";

/** Variables that hold a token of Cloudflare: any that may read a zone will do. */
const tokenNames = (): string[] => variableNames().filter((name) => name.startsWith("CLOUDFLARE_API_TOKEN"));

let zones: Promise<readonly ZoneOffer[]> | undefined;

/** Zones that the tokens of this shell may see; none without a token. A token that reads nothing is said on stderr. Asked once. */
export const offeredZones = (): Promise<readonly ZoneOffer[]> => {
  zones ??= readZones();
  return zones;
};

async function readZones(): Promise<readonly ZoneOffer[]> {
  const found = new Map<string, ZoneOffer>();
  for (const name of tokenNames())
    try {
      for (const zone of await createCloudflareClient(namedVariable(name) ?? "").zones())
        found.set(zone.id, zone);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      console.error(`  ${name} offers nothing: ${error.message}`);
    }
  return [...found.values()];
}

/** The plan as the configuration names it: what allows more than the highest that is known counts as that. */
export const planName = ({ plan }: ZoneOffer): string => (plan === "enterprise" ? "business" : plan);
