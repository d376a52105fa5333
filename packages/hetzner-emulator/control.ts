import { Hono } from "hono";
import { z } from "zod";
import { findRecord, removeRecord } from "./collection.ts";
import type { EmulatedCloud, Project } from "./emulated-cloud.ts";
import { notFound } from "./errors.ts";
import { type RecordKind, recordKinds } from "./records.ts";
import { body, type Env } from "./request.ts";

const instant = z.iso.datetime({ offset: true }).transform((text) => new Date(text).toISOString());
const shortage = z.object({
  server_type: z.string(),
  location: z.string(),
  count: z.number().int().positive().optional(),
  until: instant.optional(),
});
const price = z.object({
  item: z.string(),
  location: z.string().optional(),
  monthly: z.number().nonnegative(),
  from: instant.optional(),
});

const isKind = (text: string): text is RecordKind => (recordKinds as readonly string[]).includes(text);

function kindOf(text: string): RecordKind {
  if (!isKind(text)) throw notFound("kind", text);
  return text;
}

/** Deep for objects, whole for lists: what a person would change in the console. */
function merge(target: object, patch: object): void {
  for (const [key, value] of Object.entries(patch)) {
    const old: unknown = Reflect.get(target, key);
    const nested = [old, value].every((v) => typeof v === "object" && v !== null && !Array.isArray(v));
    // Labels are a map: a patch replaces them, or no label could be taken away.
    if (nested && key !== "labels") merge(old as object, value as object);
    else Reflect.set(target, key, value);
  }
}

/** What no API offers: shortage, refusals, drift, prices and time, set from outside. Needs no token: loopback only. */
export const hetznerControl = (world: EmulatedCloud): Hono<Env> =>
  conditionRoutes(world).route("/projects", projectRoutes(world));

function conditionRoutes(world: EmulatedCloud): Hono<Env> {
  const { conditions } = world;
  return new Hono<Env>()
    .get("/conditions", (context) => context.json({ ...conditions.value, now: world.time() }))
    .post("/shortages", async (context) => {
      conditions.value.shortages.push(await body(context, shortage));
      conditions.save();
      return context.body(null, 204);
    })
    .delete("/shortages", (context) => {
      conditions.value.shortages = [];
      conditions.save();
      return context.body(null, 204);
    })
    .post("/prices", async (context) => {
      const change = await body(context, price);
      conditions.value.prices.push({ ...change, from: change.from ?? world.time() });
      conditions.save();
      return context.body(null, 204);
    })
    .post("/clock", async (context) => {
      const { advance_seconds } = await body(
        context,
        z.object({ advance_seconds: z.number().nonnegative() }),
      );
      conditions.value.clockOffsetSeconds += advance_seconds;
      conditions.save();
      return context.json({ now: world.time() });
    });
}

function projectRoutes({ projects, conditions }: EmulatedCloud): Hono<Env> {
  const named = (name: string): Project => {
    const project = projects.get(name);
    if (!project) throw notFound("project", name);
    return project;
  };
  return new Hono<Env>()
    .get("/:project", (context) => context.json(named(context.req.param("project")).state))
    .delete("/:project", (context) => {
      named(context.req.param("project")).reset();
      return context.body(null, 204);
    })
    .post("/:project/refusals", async (context) => {
      const { name } = named(context.req.param("project"));
      const { requests } = await body(context, z.object({ requests: z.number().int().nonnegative() }));
      conditions.value.refusals[name] = requests;
      conditions.save();
      return context.body(null, 204);
    })
    .patch("/:project/:kind/:id", async (context) => {
      const project = named(context.req.param("project"));
      const record = findRecord(project, kindOf(context.req.param("kind")), Number(context.req.param("id")));
      merge(record, await body(context, z.looseObject({})));
      project.save();
      return context.json(record);
    })
    .delete("/:project/:kind/:id", (context) => {
      const project = named(context.req.param("project"));
      const kind = kindOf(context.req.param("kind"));
      removeRecord(project, kind, findRecord(project, kind, Number(context.req.param("id"))));
      project.save();
      return context.body(null, 204);
    });
}
