import { z } from "zod";
import { tokenVariable } from "../../config/load/names.ts";
import { createHetznerClient } from "./hetzner.ts";
import { type PlannedResource, parsePlan } from "./plan/json.ts";
import type { Risk } from "./plan/risk.ts";
import type { PlanSummary } from "./plan/summary.ts";
import type { StackFolder } from "./terraform-process.ts";

const ordered = z.object({ server_type: z.string(), location: z.string() });

/** A plan's summary, with whether Hetzner has the servers that it orders: a deploy learns it with the old one gone. */
export async function withOrderability(
  summary: PlanSummary,
  json: string,
  variables: StackFolder["variables"],
): Promise<PlanSummary> {
  const { stack } = summary;
  const token = variables[`TF_VAR_${tokenVariable("hcloud", stack)}`] ?? "";
  const hetzner = createHetznerClient(token, 1000, variables.HCLOUD_ENDPOINT);
  const found = orders(parsePlan(stack, json).resource_changes).map(
    async ({ address, action, type, location }): Promise<Risk[]> => {
      const offer = await hetzner.offer(type, location);
      const meaning = `Hetzner ${offer ? "has no" : "does not sell"} ${type} in ${location}${offer ? " now" : ""}: choose another hostType, or wait.`;
      return offer?.available ? [] : [{ address, action, kind: "refused", meaning }];
    },
  );
  return { ...summary, stateful: [...summary.stateful, ...(await Promise.all(found)).flat()] };
}

interface Order {
  readonly address: string;
  readonly action: Risk["action"];
  readonly type: string;
  readonly location: string;
}

/** Servers that are made, and those that become another type. */
const orders = (changes: readonly PlannedResource[]): Order[] =>
  changes.flatMap(({ address, type, change }) => {
    const after = ordered.safeParse(change.after).data;
    if (type !== "hcloud_server" || !after) return [];
    const isNew = change.actions.includes("create");
    const before = ordered.safeParse(change.before).data?.server_type;
    if (!isNew && (change.actions[0] !== "update" || before === after.server_type)) return [];
    const action = !isNew ? "update" : change.actions.includes("delete") ? "replace" : "create";
    return [{ address, action, type: after.server_type, location: after.location }];
  });
