import type { Context } from "hono";
import { z } from "zod";
import { begin, requireUnlocked, resourceRef, viewAction } from "./actions.ts";
import { locations, requireLocation } from "./catalog.ts";
import { collection, findRecord, newResource, requireUniqueName } from "./collection.ts";
import type { Project } from "./emulated-cloud.ts";
import { invalid, refused } from "./errors.ts";
import { openBilling } from "./ledger.ts";
import type { Action, ServerRecord, VolumeRecord } from "./records.ts";
import { body, type Env, idOrName, labelsSchema, name, pathId, projectOf } from "./request.ts";

/** GB: docs.hetzner.cloud, "Create a Volume". */
const size = z
  .number()
  .int()
  .min(10, "size must be at least 10 GB")
  .max(10_240, "size must be at most 10240 GB");

const creation = z.object({
  name,
  size,
  location: idOrName.optional(),
  server: z.number().optional(),
  automount: z.boolean().optional(),
  format: z.enum(["ext4", "xfs"]).optional(),
  labels: labelsSchema.optional(),
});

const view = (volume: VolumeRecord, project: Project) => ({
  ...volume,
  status: "available",
  location: locations.find((l) => l.name === volume.location),
  server: project.state.servers.some(({ id }) => id === volume.server) ? volume.server : null,
  linux_device: `/dev/disk/by-id/scsi-0HC_Volume_${volume.id}`,
});

function attach(project: Project, volume: VolumeRecord, server: ServerRecord): Action {
  if (volume.server !== null)
    throw refused("volume_already_attached", `volume ${volume.id} is already attached`);
  if (volume.location !== server.location) {
    throw invalid("server", `volume is in ${volume.location}, server in ${server.location}`);
  }
  requireUnlocked(project, "server", server.id);
  volume.server = server.id;
  return begin(project, "attach_volume", [
    resourceRef("server", server.id),
    resourceRef("volume", volume.id),
  ]);
}

const answer = (context: Context<Env>, action: Action) =>
  context.json({ action: viewAction(action, projectOf(context)) }, 201);

export const volumes = collection({
  kind: "volumes",
  singular: "volume",
  view,
  beforeDelete: (volume) => {
    if (volume.server !== null)
      throw refused("resource_in_use", `volume ${volume.id} is still attached to a server`);
    return undefined;
  },
})
  .post("/", async (context) => {
    const project = projectOf(context);
    const given = await body(context, creation);
    requireUniqueName(project, "volumes", given.name);
    const server = given.server === undefined ? undefined : findRecord(project, "servers", given.server);
    const wanted = server?.location ?? given.location;
    if (!wanted) throw invalid("location", "either location or server is required");
    const location = requireLocation(wanted).name;
    if (server) requireUnlocked(project, "server", server.id);
    const volume: VolumeRecord = {
      ...newResource(project, given),
      size: given.size,
      location,
      server: null,
      format: given.format ?? null,
      protection: { delete: false },
    };
    project.state.volumes.push(volume);
    openBilling(project, "create", "volumes", volume, { type: "volume", location, amount: volume.size });
    const action = begin(project, "create_volume", [resourceRef("volume", volume.id)]);
    const next = server ? [viewAction(attach(project, volume, server), project)] : [];
    const created = {
      volume: view(volume, project),
      action: viewAction(action, project),
      next_actions: next,
    };
    return context.json(created, 201);
  })
  .post("/:id{[0-9]+}/actions/attach", async (context) => {
    const project = projectOf(context);
    const volume = findRecord(project, "volumes", pathId(context));
    const { server } = await body(
      context,
      z.object({ server: z.number(), automount: z.boolean().optional() }),
    );
    return answer(context, attach(project, volume, findRecord(project, "servers", server)));
  })
  .post("/:id{[0-9]+}/actions/detach", (context) => {
    const project = projectOf(context);
    const volume = findRecord(project, "volumes", pathId(context));
    if (volume.server === null) throw refused("volume_not_attached", `volume ${volume.id} is not attached`);
    requireUnlocked(project, "server", volume.server);
    const resources = [resourceRef("server", volume.server), resourceRef("volume", volume.id)];
    volume.server = null;
    return answer(context, begin(project, "detach_volume", resources));
  })
  .post("/:id{[0-9]+}/actions/resize", async (context) => {
    const project = projectOf(context);
    const volume = findRecord(project, "volumes", pathId(context));
    const wanted = await body(context, z.object({ size }));
    if (wanted.size <= volume.size) throw invalid("size", `size must be above the present ${volume.size} GB`);
    volume.size = wanted.size;
    openBilling(project, "rescale", "volumes", volume, {
      type: "volume",
      location: volume.location,
      amount: volume.size,
    });
    return answer(context, begin(project, "resize_volume", [resourceRef("volume", volume.id)]));
  })
  .post("/:id{[0-9]+}/actions/change_protection", async (context) => {
    const project = projectOf(context);
    const volume = findRecord(project, "volumes", pathId(context));
    Object.assign(volume.protection, await body(context, z.object({ delete: z.boolean() })));
    return answer(context, begin(project, "change_protection", [resourceRef("volume", volume.id)]));
  });
