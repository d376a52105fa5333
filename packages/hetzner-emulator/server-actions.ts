import { type Context, Hono } from "hono";
import { z } from "zod";
import { begin, requireUnlocked, resourceRef, viewAction } from "./actions.ts";
import { byIdOrName, serverTypes } from "./catalog.ts";
import { findRecord } from "./collection.ts";
import type { Project } from "./emulated-cloud.ts";
import { invalid, refused } from "./errors.ts";
import { openBilling } from "./ledger.ts";
import type { ServerRecord } from "./records.ts";
import { body, type Env, idOrName, pathId, projectOf } from "./request.ts";
import { requireCapacity } from "./server-creation.ts";

/** Runs one action on the server in the path, unless another one is at work on it. */
const act =
  (
    command: string,
    effect: (server: ServerRecord, context: Context<Env>, project: Project) => void | Promise<void>,
  ) =>
  async (context: Context<Env>) => {
    const project = projectOf(context);
    const server = findRecord(project, "servers", pathId(context));
    requireUnlocked(project, "server", server.id);
    await effect(server, context, project);
    const action = begin(project, command, [resourceRef("server", server.id)]);
    return context.json({ action: viewAction(action, project) }, 201);
  };

const power = (status: ServerRecord["status"]) => (server: ServerRecord) => {
  server.status = status;
};

const protection = z.object({ delete: z.boolean().optional(), rebuild: z.boolean().optional() });

async function changeProtection(server: ServerRecord, context: Context<Env>): Promise<void> {
  const wanted = await body(context, protection);
  const next = {
    delete: wanted.delete ?? server.protection.delete,
    rebuild: wanted.rebuild ?? server.protection.rebuild,
  };
  if (next.delete !== next.rebuild)
    throw invalid("rebuild", "delete and rebuild protection must be the same");
  server.protection = next;
}

/** Needs a stopped server, the same architecture and a disk that holds what is there; starts the server again. */
async function changeType(server: ServerRecord, context: Context<Env>, project: Project): Promise<void> {
  const given = await body(context, z.object({ server_type: idOrName, upgrade_disk: z.boolean() }));
  const from = byIdOrName(serverTypes, server.server_type);
  const to = byIdOrName(serverTypes, given.server_type);
  if (!to) throw invalid("server_type", `server type '${given.server_type}' not found`);
  if (server.status !== "off") throw refused("server_not_stopped", `server ${server.id} must be off`);
  if (from?.architecture !== to.architecture) {
    throw refused(
      "invalid_server_type",
      `${server.server_type} cannot become ${to.name}: another architecture`,
    );
  }
  if (to.disk < server.primary_disk_size) {
    throw refused(
      "invalid_server_type",
      `the disk of ${to.name} is smaller than the server's ${server.primary_disk_size} GB`,
    );
  }
  requireCapacity(project, to.name, server.location);
  server.server_type = to.name;
  if (given.upgrade_disk) server.primary_disk_size = to.disk;
  server.status = "running";
  openBilling(project, "rescale", "servers", server, { type: to.name, location: server.location });
}

export const serverActions = new Hono<Env>()
  .post("/poweron", act("start_server", power("running")))
  .post("/poweroff", act("stop_server", power("off")))
  .post("/shutdown", act("shutdown_server", power("off")))
  .post("/reboot", act("reboot_server", power("running")))
  .post("/reset", act("reset_server", power("running")))
  .post("/change_type", act("change_server_type", changeType))
  .post("/change_protection", act("change_protection", changeProtection));
