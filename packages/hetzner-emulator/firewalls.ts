import type { Context } from "hono";
import ipaddr from "ipaddr.js";
import { z } from "zod";
import { begin, resourceRef, viewAction } from "./actions.ts";
import { collection, findRecord, newResource, requireUniqueName } from "./collection.ts";
import type { Project } from "./emulated-cloud.ts";
import { refused } from "./errors.ts";
import type { Action, FirewallRecord } from "./records.ts";
import { body, type Env, labelsSchema, name, pathId, projectOf } from "./request.ts";

/** An address with a mask and no bit beyond it, as the API demands. */
const network = z.string().refine((text) => {
  if (!ipaddr.isValidCIDR(text)) return false;
  const [address, bits] = ipaddr.parseCIDR(text);
  const first = address.kind() === "ipv4" ? ipaddr.IPv4 : ipaddr.IPv6;
  return first.networkAddressFromCIDR(text).toString() === address.toString() && bits >= 0;
}, "must be a network in CIDR notation");

const port = z.string().refine((text) => {
  const [from = 0, to = from] = text.split("-").map(Number);
  return /^\d+(-\d+)?$/.test(text) && from >= 1 && to <= 65_535 && from <= to;
}, "must be a port or a range from 1 to 65535");

const rule = z
  .object({
    direction: z.enum(["in", "out"]),
    protocol: z.enum(["tcp", "udp", "icmp", "esp", "gre"]),
    port: port.nullish().transform((p) => p ?? null),
    source_ips: z.array(network).max(100).default([]),
    destination_ips: z.array(network).max(100).default([]),
    description: z
      .string()
      .max(255)
      .nullish()
      .transform((d) => d ?? null),
  })
  .superRefine((r, context) => {
    const wantsPort = r.protocol === "tcp" || r.protocol === "udp";
    const peers = r.direction === "in" ? "source_ips" : "destination_ips";
    const complain = (path: string, message: string) =>
      context.addIssue({ code: "custom", path: [path], message });
    if (wantsPort !== (r.port !== null))
      complain("port", `port is ${wantsPort ? "required" : "not allowed"} with ${r.protocol}`);
    if (r[peers].length === 0) complain(peers, `${peers} is required for direction ${r.direction}`);
  });
const rules = z.array(rule).max(50);

const targets = z.array(z.object({ type: z.literal("server"), server: z.object({ id: z.number() }) }));
const creation = z.object({
  name,
  labels: labelsSchema.optional(),
  rules: rules.default([]),
  apply_to: targets.default([]),
});

const view = ({ servers, ...firewall }: FirewallRecord) => ({
  ...firewall,
  applied_to: servers.map((id) => ({ type: "server", server: { id } })),
});

/** Puts a firewall in front of servers; what is there already stays. */
function apply(project: Project, firewall: FirewallRecord, servers: number[]): Action[] {
  return servers.map((id) => {
    if (!firewall.servers.includes(id)) firewall.servers.push(id);
    return begin(project, "apply_firewall", [
      resourceRef("firewall", firewall.id),
      resourceRef("server", id),
    ]);
  });
}

const serverIds = (project: Project, list: z.infer<typeof targets>) =>
  list.map((target) => findRecord(project, "servers", target.server.id).id);

const answer = (context: Context<Env>, actions: Action[]) =>
  context.json({ actions: actions.map((action) => viewAction(action, projectOf(context))) }, 201);

export const firewalls = collection({
  kind: "firewalls",
  singular: "firewall",
  view,
  beforeDelete: (firewall) => {
    if (firewall.servers.length > 0)
      throw refused("resource_in_use", `firewall ${firewall.id} is still in use`);
    return undefined;
  },
})
  .post("/", async (context) => {
    const project = projectOf(context);
    const given = await body(context, creation);
    requireUniqueName(project, "firewalls", given.name);
    const servers = serverIds(project, given.apply_to);
    const firewall: FirewallRecord = { ...newResource(project, given), rules: given.rules, servers: [] };
    project.state.firewalls.push(firewall);
    const actions = apply(project, firewall, servers);
    return context.json(
      { firewall: view(firewall), actions: actions.map((a) => viewAction(a, project)) },
      201,
    );
  })
  .post("/:id{[0-9]+}/actions/set_rules", async (context) => {
    const project = projectOf(context);
    const firewall = findRecord(project, "firewalls", pathId(context));
    firewall.rules = (await body(context, z.object({ rules }))).rules;
    return answer(context, [begin(project, "set_firewall_rules", [resourceRef("firewall", firewall.id)])]);
  })
  .post("/:id{[0-9]+}/actions/apply_to_resources", async (context) => {
    const project = projectOf(context);
    const firewall = findRecord(project, "firewalls", pathId(context));
    const { apply_to } = await body(context, z.object({ apply_to: targets }));
    return answer(context, apply(project, firewall, serverIds(project, apply_to)));
  })
  .post("/:id{[0-9]+}/actions/remove_from_resources", async (context) => {
    const project = projectOf(context);
    const firewall = findRecord(project, "firewalls", pathId(context));
    const { remove_from } = await body(context, z.object({ remove_from: targets }));
    const ids = serverIds(project, remove_from);
    firewall.servers = firewall.servers.filter((id) => !ids.includes(id));
    const actions = ids.map((id) =>
      begin(project, "remove_firewall", [resourceRef("firewall", firewall.id), resourceRef("server", id)]),
    );
    return answer(context, actions);
  });
