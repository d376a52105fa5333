import { Hono } from "hono";
import { type CatalogServerType, catalogImages, type Image, locations, serverTypes } from "./catalog.ts";
import type { Project } from "./emulated-cloud.ts";
import { notFound } from "./errors.ts";
import { listing } from "./listing.ts";
import { pricing, serverTypePrices } from "./prices.ts";
import { type Env, pathId, projectOf } from "./request.ts";

/** A server type with today's prices and what can be had where. */
export function viewServerType(type: CatalogServerType, { world }: Project) {
  return {
    ...type,
    description: type.name.toUpperCase(),
    storage_type: "local",
    cpu_type: "shared",
    prices: serverTypePrices(type.name, world.time(), world.conditions.value.prices),
    deprecated: false,
    deprecation: null,
    locations: locations.map(({ id, name }) => ({
      id,
      name,
      recommended: true,
      available: world.isAvailable(type.name, name),
      deprecation: null,
    })),
  };
}

export const viewImage = (image: Image) => ({
  ...image,
  status: "available",
  type: "system",
  image_size: null,
  disk_size: 5,
  created: "2026-01-01T00:00:00+00:00",
  created_from: null,
  bound_to: null,
  rapid_deploy: true,
  protection: { delete: false },
  deprecated: null,
  deleted: null,
  labels: {},
});

/** A read-only list with its items. */
function readOnlyList<T extends { id: number }>(
  plural: string,
  singular: string,
  items: readonly T[],
  view: (item: T, project: Project) => { id: number },
) {
  return new Hono<Env>()
    .get("/", (context) =>
      context.json(
        listing(
          context,
          plural,
          items.map((item) => view(item, projectOf(context))),
        ),
      ),
    )
    .get("/:id{[0-9]+}", (context) => {
      const item = items.find(({ id }) => id === pathId(context));
      if (!item) throw notFound(singular, context.req.param("id"));
      return context.json({ [singular]: view(item, projectOf(context)) });
    });
}

/** What Hetzner offers, to be mounted beside the project's own resources. */
export const catalogRoutes = new Hono<Env>()
  .route(
    "/locations",
    readOnlyList("locations", "location", locations, (location) => location),
  )
  .route("/server_types", readOnlyList("server_types", "server_type", serverTypes, viewServerType))
  .route("/images", readOnlyList("images", "image", catalogImages, viewImage))
  .get("/pricing", (context) => {
    const { world } = projectOf(context);
    return context.json({ pricing: pricing(world.time(), world.conditions.value.prices) });
  });
