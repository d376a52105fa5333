import { z } from "zod";
import { begin, requireUnlocked, resourceRef, viewAction } from "./actions.ts";
import { locations, requireLocation } from "./catalog.ts";
import { collection, findRecord, newResource, recordsOf, requireUniqueName } from "./collection.ts";
import type { Project } from "./emulated-cloud.ts";
import { invalid, refused } from "./errors.ts";
import { openBilling } from "./ledger.ts";
import type { PrimaryIpRecord, ServerRecord } from "./records.ts";
import { body, idOrName, labelsSchema, name, pathId, projectOf } from "./request.ts";

const creation = z.object({
  name,
  type: z.enum(["ipv4", "ipv6"]),
  location: idOrName.optional(),
  assignee_id: z.number().nullish(),
  assignee_type: z.string().optional(),
  auto_delete: z.boolean().default(false),
  labels: labelsSchema.optional(),
});

/** An IPv6 network that is nobody's: the documentation prefix of RFC 3849. */
const ipv6Network = (id: number): string =>
  `2001:db8:${((id >> 16) & 0xffff).toString(16)}:${(id & 0xffff).toString(16)}::/64`;

/** Creates a primary IP and opens its line on the bill. */
export function createPrimaryIp(
  project: Project,
  given: Pick<PrimaryIpRecord, "name" | "type" | "location" | "assignee_id" | "auto_delete"> & {
    labels?: PrimaryIpRecord["labels"] | undefined;
  },
): PrimaryIpRecord {
  const base = newResource(project, given);
  const ip: PrimaryIpRecord = {
    ...base,
    type: given.type,
    ip: given.type === "ipv4" ? project.world.ipv4(base.id) : ipv6Network(base.id),
    location: given.location,
    assignee_id: given.assignee_id,
    auto_delete: given.auto_delete,
    protection: { delete: false },
    dns_ptr: [],
  };
  project.state.primary_ips.push(ip);
  openBilling(project, "create", "primary_ips", ip, { type: ip.type, location: ip.location });
  return ip;
}

/** The primary IPs of a server. */
export const addressesOf = (project: Project, server: ServerRecord) =>
  recordsOf(project, "primary_ips").filter((ip) => ip.assignee_id === server.id);

/** Refuses what the API refuses: taken, in another location, or of a kind that the server already has. */
export function requireAssignable(
  project: Project,
  ip: PrimaryIpRecord,
  to: { location: string; server?: ServerRecord },
): void {
  if (ip.assignee_id !== null)
    throw refused("primary_ip_assigned", `primary IP ${ip.id} is already assigned`);
  if (ip.location !== to.location) {
    throw refused(
      "primary_ip_datacenter_mismatch",
      `primary IP ${ip.id} is in ${ip.location}, the server in ${to.location}`,
    );
  }
  if (to.server && addressesOf(project, to.server).some((other) => other.type === ip.type)) {
    throw refused(`server_has_${ip.type}`, `the server already has an ${ip.type} address`);
  }
}

/** `assignee_type` of an unassigned IP is `unassigned` since 2026-08-01 (provider CHANGELOG, 1.62). */
const view = (ip: PrimaryIpRecord) => ({
  ...ip,
  location: locations.find(({ name }) => name === ip.location),
  assignee_type: ip.assignee_id === null ? "unassigned" : "server",
  blocked: false,
});

const requireOff = (server: ServerRecord) => {
  if (server.status !== "off") throw refused("server_not_stopped", `server ${server.id} must be off`);
};

export const primaryIps = collection({
  kind: "primary_ips",
  singular: "primary_ip",
  view,
  update: z.object({
    name: name.optional(),
    labels: labelsSchema.optional(),
    auto_delete: z.boolean().optional(),
  }),
  beforeDelete: (ip) => {
    // Since May 2026 (provider CHANGELOG, 1.61); the code is the one that assigning a taken IP gets.
    if (ip.assignee_id !== null)
      throw refused("primary_ip_assigned", "primary IP must be unassigned before deletion");
    return undefined;
  },
})
  .post("/", async (context) => {
    const project = projectOf(context);
    const given = await body(context, creation);
    requireUniqueName(project, "primary_ips", given.name);
    const server = given.assignee_id == null ? undefined : findRecord(project, "servers", given.assignee_id);
    const wanted = server?.location ?? given.location;
    if (!wanted) throw invalid("location", "either location or assignee_id is required");
    const location = requireLocation(wanted).name;
    if (server) requireOff(server);
    const ip = createPrimaryIp(project, { ...given, location, assignee_id: server?.id ?? null });
    const action = server
      ? begin(project, "assign_primary_ip", [
          resourceRef("primary_ip", ip.id),
          resourceRef("server", server.id),
        ])
      : null;
    return context.json({ primary_ip: view(ip), action: action && viewAction(action, project) }, 201);
  })
  .post("/:id{[0-9]+}/actions/assign", async (context) => {
    const project = projectOf(context);
    const ip = findRecord(project, "primary_ips", pathId(context));
    const { assignee_id } = await body(context, z.object({ assignee_id: z.number() }));
    const server = findRecord(project, "servers", assignee_id);
    requireUnlocked(project, "server", server.id);
    requireAssignable(project, ip, { location: server.location, server });
    requireOff(server);
    ip.assignee_id = server.id;
    const action = begin(project, "assign_primary_ip", [
      resourceRef("primary_ip", ip.id),
      resourceRef("server", server.id),
    ]);
    return context.json({ action: viewAction(action, project) }, 201);
  })
  .post("/:id{[0-9]+}/actions/unassign", (context) => {
    const project = projectOf(context);
    const ip = findRecord(project, "primary_ips", pathId(context));
    if (ip.assignee_id === null)
      throw refused("primary_ip_not_assigned", `primary IP ${ip.id} is not assigned`);
    const server = findRecord(project, "servers", ip.assignee_id);
    requireUnlocked(project, "server", server.id);
    requireOff(server);
    ip.assignee_id = null;
    const action = begin(project, "unassign_primary_ip", [
      resourceRef("primary_ip", ip.id),
      resourceRef("server", server.id),
    ]);
    return context.json({ action: viewAction(action, project) }, 201);
  })
  .post("/:id{[0-9]+}/actions/change_protection", async (context) => {
    const project = projectOf(context);
    const ip = findRecord(project, "primary_ips", pathId(context));
    Object.assign(ip.protection, await body(context, z.object({ delete: z.boolean() })));
    const action = begin(project, "change_protection", [resourceRef("primary_ip", ip.id)]);
    return context.json({ action: viewAction(action, project) }, 201);
  });
