import type { Context } from "hono";
import { z } from "zod";
import { begin, resourceRef } from "./actions.ts";
import { byIdOrName, catalogImages, requireLocation, serverTypes } from "./catalog.ts";
import { findRecord, newResource, requireUniqueName } from "./collection.ts";
import type { CloudMachineSpec, Project } from "./emulated-cloud.ts";
import { ApiError, invalid, notFound, refused } from "./errors.ts";
import { openBilling } from "./ledger.ts";
import { addressesOf, createPrimaryIp, requireAssignable } from "./primary-ips.ts";
import type { Action, PrimaryIpRecord, ServerRecord } from "./records.ts";
import { body, type Env, hostname, idOrName, labelsSchema, projectOf } from "./request.ts";

const userDataLimit = 32 * 1024;

const creation = z.object({
  name: hostname,
  server_type: idOrName,
  image: idOrName,
  location: idOrName.default("fsn1"),
  ssh_keys: z.array(idOrName).default([]),
  user_data: z
    .string()
    .refine((text) => Buffer.byteLength(text) <= userDataLimit, "user_data must be at most 32 KiB")
    .default(""),
  start_after_create: z.boolean().default(true),
  labels: labelsSchema.optional(),
  volumes: z.array(z.number()).default([]),
  firewalls: z.array(z.object({ firewall: z.number() })).default([]),
  public_net: z
    .object({
      enable_ipv4: z.boolean().default(true),
      enable_ipv6: z.boolean().default(true),
      ipv4: z.number().nullish(),
      ipv6: z.number().nullish(),
    })
    .default({ enable_ipv4: true, enable_ipv6: true }),
});
type Creation = z.infer<typeof creation>;

/** The server type, image and place of an order, if they exist and fit each other. */
function offer(given: Creation) {
  const type = byIdOrName(serverTypes, given.server_type);
  if (!type) throw invalid("server_type", `server type '${given.server_type}' not found`);
  const named = catalogImages.filter(({ id, name }) => given.image === name || given.image === String(id));
  if (named.length === 0) throw invalid("image", `image '${given.image}' not found`);
  const image = named.find(({ architecture }) => architecture === type.architecture);
  if (!image)
    throw invalid("image", `image '${given.image}' does not run on ${type.architecture} (${type.name})`);
  return { type, image, location: requireLocation(given.location) };
}

/** Status, code and message as recorded from the real API (jenkinsci/hetzner-cloud-plugin#21). */
export function requireCapacity(project: Project, serverType: string, location: string): void {
  if (project.world.refusesOrder(serverType, location)) {
    throw new ApiError(412, "resource_unavailable", "error during placement");
  }
}

/** Everything is checked before anything is written: a refused order leaves no trace. */
export async function createServer(
  context: Context<Env>,
): Promise<{ server: ServerRecord; actions: Action[] }> {
  const project = projectOf(context);
  const given = await body(context, creation);
  requireUniqueName(project, "servers", given.name);
  const { type, image, location } = offer(given);
  const keys = given.ssh_keys.map((wanted) => {
    const key = byIdOrName(project.state.ssh_keys, wanted);
    if (!key) throw notFound("ssh_key", wanted);
    return key.id;
  });
  const firewalls = given.firewalls.map(({ firewall }) => findRecord(project, "firewalls", firewall));
  const volumes = given.volumes.map((id) => findRecord(project, "volumes", id));
  for (const volume of volumes) {
    if (volume.server !== null)
      throw refused("volume_already_attached", `volume ${volume.id} is already attached`);
    if (volume.location !== location.name)
      throw invalid("volumes", `volume ${volume.id} is in ${volume.location}`);
  }
  const ips = chosenIps(project, given, location.name);
  requireCapacity(project, type.name, location.name);

  const server: ServerRecord = {
    ...newResource(project, given),
    status: given.start_after_create ? "running" : "off",
    server_type: type.name,
    location: location.name,
    image: image.id,
    user_data: given.user_data,
    ssh_keys: keys,
    protection: { delete: false, rebuild: false },
    primary_disk_size: type.disk,
    backup_window: null,
  };
  project.state.servers.push(server);
  openBilling(project, "create", "servers", server, { type: type.name, location: location.name });
  for (const ip of ips) ip.assignee_id = server.id;
  addMissingIps(project, given, server, ips);
  for (const volume of volumes) volume.server = server.id;
  for (const firewall of firewalls) firewall.servers.push(server.id);
  return { server, actions: creationActions(project, server) };
}

function creationActions(project: Project, server: ServerRecord): Action[] {
  const on = [resourceRef("server", server.id)];
  const work = project.world.machines?.onServerCreate(machineOf(project, server));
  const created = begin(project, "create_server", on, work);
  return server.status === "running" ? [created, begin(project, "start_server", on, work)] : [created];
}

function chosenIps(project: Project, { public_net }: Creation, location: string): PrimaryIpRecord[] {
  return (["ipv4", "ipv6"] as const).flatMap((type) => {
    const id = public_net[type];
    if (id == null) return [];
    const ip = findRecord(project, "primary_ips", id);
    if (ip.type !== type)
      throw refused("primary_ip_version_mismatch", `primary IP ${id} is an ${ip.type} address`);
    requireAssignable(project, ip, { location });
    return [ip];
  });
}

/** An enabled address family without a chosen IP gets one that dies with the server. */
function addMissingIps(
  project: Project,
  { public_net }: Creation,
  server: ServerRecord,
  chosen: PrimaryIpRecord[],
): void {
  for (const type of ["ipv4", "ipv6"] as const) {
    if (!public_net[`enable_${type}`] || chosen.some((ip) => ip.type === type)) continue;
    createPrimaryIp(project, {
      name: `primary_ip-${server.id}-${type}`,
      type,
      location: server.location,
      assignee_id: server.id,
      auto_delete: true,
    });
  }
}

/** What the machine behind a server is made from. */
export function machineOf(project: Project, server: ServerRecord): CloudMachineSpec {
  const keys = project.state.ssh_keys.filter(({ id }) => server.ssh_keys.includes(id));
  const ipv4 = addressesOf(project, server).find(({ type }) => type === "ipv4")?.ip;
  const authorizedKeys = keys.map((key) => key.public_key);
  return { project: project.name, server: { ...server }, authorizedKeys, ipv4 };
}
