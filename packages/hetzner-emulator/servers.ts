import { z } from "zod";
import { begin, requireUnlocked, resourceRef, serverStatus, viewAction } from "./actions.ts";
import { catalogImages, locations, serverTypes } from "./catalog.ts";
import { viewImage, viewServerType } from "./catalog-routes.ts";
import { collection, recordsOf, removeRecord } from "./collection.ts";
import type { Project } from "./emulated-cloud.ts";
import { addressesOf } from "./primary-ips.ts";
import type { ServerRecord } from "./records.ts";
import { hostname, labelsSchema, projectOf } from "./request.ts";
import { serverActions } from "./server-actions.ts";
import { createServer, machineOf } from "./server-creation.ts";

/** A server as the API answers it: relations are looked up, `user_data` stays behind, `datacenter` is gone (2026-07-01). */
function view(server: ServerRecord, project: Project) {
  const { user_data: _kept, ssh_keys: _keys, ...shown } = server;
  const type = serverTypes.find(({ name }) => name === server.server_type);
  const image = catalogImages.find(({ id }) => id === server.image);
  return {
    ...shown,
    status: serverStatus(project, server),
    public_net: publicNet(server, project),
    private_net: [],
    server_type: type && viewServerType(type, project),
    included_traffic: 20 * 1024 ** 4,
    outgoing_traffic: 0,
    ingoing_traffic: 0,
    rescue_enabled: false,
    iso: null,
    locked: false,
    location: locations.find(({ name }) => name === server.location),
    image: image ? viewImage(image) : null,
    volumes: recordsOf(project, "volumes").flatMap((v) => (v.server === server.id ? [v.id] : [])),
    placement_group: null,
    load_balancers: [],
  };
}

function publicNet(server: ServerRecord, project: Project) {
  const ips = addressesOf(project, server);
  const [ipv4, ipv6] = (["ipv4", "ipv6"] as const).map((type) => ips.find((ip) => ip.type === type));
  return {
    ipv4: ipv4 ? { id: ipv4.id, ip: ipv4.ip, blocked: false, dns_ptr: "" } : null,
    ipv6: ipv6 ? { id: ipv6.id, ip: ipv6.ip, blocked: false, dns_ptr: [] } : null,
    floating_ips: [],
    firewalls: recordsOf(project, "firewalls").flatMap((f) =>
      f.servers.includes(server.id) ? [{ id: f.id, status: "applied" }] : [],
    ),
  };
}

export const servers = collection({
  kind: "servers",
  singular: "server",
  view,
  update: z.object({ name: hostname.optional(), labels: labelsSchema.optional() }),
  beforeDelete: (server, project) => {
    requireUnlocked(project, "server", server.id);
    for (const ip of addressesOf(project, server)) {
      ip.assignee_id = null;
      if (ip.auto_delete) removeRecord(project, "primary_ips", ip);
    }
    for (const volume of project.state.volumes) if (volume.server === server.id) volume.server = null;
    for (const f of project.state.firewalls) f.servers = f.servers.filter((id) => id !== server.id);
    const work = project.world.machines?.onServerDelete(machineOf(project, server));
    return begin(project, "delete_server", [resourceRef("server", server.id)], work);
  },
})
  .post("/", async (context) => {
    const project = projectOf(context);
    const { server, actions } = await createServer(context);
    const [action, ...next_actions] = actions.map((a) => viewAction(a, project));
    return context.json({ server: view(server, project), action, next_actions, root_password: null }, 201);
  })
  .route("/:id{[0-9]+}/actions", serverActions);
