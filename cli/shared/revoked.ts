import { tokenVariable } from "../../config/load/names.ts";
import { createCloudflareClient } from "./cloudflare.ts";
import { parsePlan } from "./plan/json.ts";
import type { Risk } from "./plan/risk.ts";
import { knownResources, type PlanSummary, summarise } from "./plan/summary.ts";
import type { StackFolder } from "./terraform-process.ts";

/** A plan's summary, with what the provider does not look at: whether Cloudflare has revoked an origin certificate. */
export async function withRevoked(
  stack: string,
  json: string,
  variables: StackFolder["variables"],
): Promise<PlanSummary> {
  const summary = summarise(stack, json);
  const token = variables[`TF_VAR_${tokenVariable("cloudflare", stack)}`] ?? "";
  const cloudflare = createCloudflareClient(token, variables.CLOUDFLARE_BASE_URL);
  const found = knownResources(parsePlan(stack, json)).map(
    async ({ address, type, values }): Promise<Risk[]> => {
      const id = type === "cloudflare_origin_ca_certificate" ? values?.id : undefined;
      const at = typeof id === "string" ? await cloudflare.revokedAt(id) : undefined;
      const meaning = `At ${at}: visitors get 526 from then on. docs/runbooks/drift.md says how another one is made.`;
      return at ? [{ address, action: "revoked", kind: "outage", meaning }] : [];
    },
  );
  return { ...summary, stateful: [...summary.stateful, ...(await Promise.all(found)).flat()] };
}
