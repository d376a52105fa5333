import { z } from "zod";
import { begin, requireUnlocked, resource, serverStatus, viewAction } from "./actions.ts";
import { images, locations, serverTypes } from "./catalog.ts";
import { viewImage, viewServerType } from "./catalog-routes.ts";
import { collection, recordsOf, remove } from "./collection.ts";
import { addressesOf } from "./primary-ips.ts";
import type { Server } from "./records.ts";
import { hostname, labels, projectOf } from "./request.ts";
import { serverActions } from "./server-actions.ts";
import { createServer, machineOf } from "./server-creation.ts";
import type { Project } from "./world.ts";

/** A server as the API answers it: relations are looked up, `user_data` stays behind, `datacenter` is gone (2026-07-01). */
function view(server: Server, project: Project) {
  const { user_data: _kept, ssh_keys: _keys, ...shown } = server;
  const type = serverTypes.find(({ name }) => name === server.server_type);
  const image = images.find(({ id }) => id === server.image);
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

function publicNet(server: Server, project: Project) {
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
  update: z.object({ name: hostname.optional(), labels: labels.optional() }),
  beforeDelete: (server, project) => {
    requireUnlocked(project, "server", server.id);
    for (const ip of addressesOf(project, server)) {
      ip.assignee_id = null;
      if (ip.auto_delete) remove(project, "primary_ips", ip);
    }
    for (const volume of project.state.volumes) if (volume.server === server.id) volume.server = null;
    for (const f of project.state.firewalls) f.servers = f.servers.filter((id) => id !== server.id);
    const work = project.world.machines?.onServerDelete(machineOf(project, server));
    return begin(project, "delete_server", [resource("server", server.id)], work);
  },
})
  .post("/", async (context) => {
    const project = projectOf(context);
    const { server, actions } = await createServer(context);
    const [action, ...next_actions] = actions.map((a) => viewAction(a, project));
    return context.json({ server: view(server, project), action, next_actions, root_password: null }, 201);
  })
  .route("/:id/actions", serverActions);
