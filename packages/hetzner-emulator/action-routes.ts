import { type Context, Hono } from "hono";
import { type ResourceType, viewAction } from "./actions.ts";
import { findRecord } from "./collection.ts";
import { notFound } from "./errors.ts";
import { listing } from "./listing.ts";
import type { Action, RecordKind } from "./records.ts";
import { type Env, pathId, projectOf } from "./request.ts";

type Selects = (action: Action) => boolean;

const list = (context: Context<Env>, selects: Selects) => {
  const project = projectOf(context);
  const found = project.state.actions.filter(selects).map((action) => viewAction(action, project));
  return context.json(listing(context, "actions", found));
};

const one = (context: Context<Env>, id: number, selects: Selects) => {
  const project = projectOf(context);
  const action = project.state.actions.find((each) => each.id === id && selects(each));
  if (!action) throw notFound("action", id);
  return context.json({ action: viewAction(action, project) });
};

/** Actions whatever they work on. */
export const allActions = new Hono<Env>()
  .get("/", (context) => list(context, () => true))
  .get("/:id{[0-9]+}", (context) => one(context, pathId(context), () => true));

/** Actions on the resources of one kind, and those on one of them. */
export function resourceActions(kind: RecordKind, type: ResourceType): Hono<Env> {
  const touches: Selects = ({ resources }) => resources.some((resource) => resource.type === type);
  const onRecord = (context: Context<Env>): Selects => {
    const { id } = findRecord(projectOf(context), kind, pathId(context));
    return ({ resources }) => resources.some((resource) => resource.type === type && resource.id === id);
  };
  return new Hono<Env>()
    .get("/actions", (context) => list(context, touches))
    .get("/actions/:action{[0-9]+}", (context) => one(context, Number(context.req.param("action")), touches))
    .get("/:id{[0-9]+}/actions", (context) => list(context, onRecord(context)))
    .get("/:id{[0-9]+}/actions/:action{[0-9]+}", (context) =>
      one(context, Number(context.req.param("action")), onRecord(context)),
    );
}
