import { type Context, Hono } from "hono";
import { z } from "zod";
import { viewAction } from "./actions.ts";
import type { Project } from "./emulated-cloud.ts";
import { isProtected, notFound, notUnique } from "./errors.ts";
import { closeBilling } from "./ledger.ts";
import { listing } from "./listing.ts";
import type { Action, RecordKind, ResourceRecord, Resources } from "./records.ts";
import { body, type Env, labelsSchema, name, pathId, projectOf } from "./request.ts";

type RecordOf<K extends RecordKind> = Resources[K][number];

interface Behaviour<K extends RecordKind> {
  kind: K;
  /** `server` in `{"server": {…}}`. */
  singular: string;
  view(record: RecordOf<K>, project: Project): { id: number };
  /** What PUT may change; default name and labels. */
  update?: z.ZodObject;
  /** Refuses, or undoes relations; the record itself goes afterwards. An action makes the answer 200 instead of 204. */
  beforeDelete(record: RecordOf<K>, project: Project): Action | undefined;
}

/** The records of one kind, typed. */
export const recordsOf = <K extends RecordKind>(project: Project, kind: K): RecordOf<K>[] =>
  project.state[kind];

/** The record with this id. 404 `not_found` when there is none. */
export function findRecord<K extends RecordKind>(project: Project, kind: K, id: number): RecordOf<K> {
  const record = recordsOf(project, kind).find((r) => r.id === id);
  if (!record) throw notFound(kind.replace(/s$/, ""), id);
  return record;
}

/** 409 `uniqueness_error` when another record of the kind has the name. */
export function requireUniqueName(
  project: Project,
  kind: RecordKind,
  wanted: string,
  self?: ResourceRecord,
): void {
  const rows: ResourceRecord[] = project.state[kind];
  if (rows.some((row) => row.name === wanted && row !== self)) throw notUnique("name");
}

/** What every new record starts with. */
export const newResource = (
  project: Project,
  given: { name: string; labels?: ResourceRecord["labels"] | undefined },
): ResourceRecord => ({
  id: project.world.nextId(),
  name: given.name,
  labels: given.labels ?? {},
  created: project.world.time(),
});

/** Takes a record out of the project, and off the bill. */
export function removeRecord(project: Project, kind: RecordKind, record: ResourceRecord): void {
  const rows: ResourceRecord[] = project.state[kind];
  rows.splice(rows.indexOf(record), 1);
  closeBilling(project, kind, record.id);
}

const nameAndLabels = z.object({ name: name.optional(), labels: labelsSchema.optional() });

/** List, get, update and delete: the same for every kind. */
export function collection<K extends RecordKind>({
  kind,
  singular,
  view,
  update,
  beforeDelete,
}: Behaviour<K>): Hono<Env> {
  const answer = (context: Context<Env>, record: RecordOf<K>) =>
    context.json({ [singular]: view(record, projectOf(context)) });
  return new Hono<Env>()
    .get("/", (context) => {
      const project = projectOf(context);
      return context.json(
        listing(
          context,
          kind,
          recordsOf(project, kind).map((record) => view(record, project)),
        ),
      );
    })
    .get("/:id{[0-9]+}", (context) => answer(context, findRecord(projectOf(context), kind, pathId(context))))
    .put("/:id{[0-9]+}", async (context) => {
      const project = projectOf(context);
      const record = findRecord(project, kind, pathId(context));
      const changes = await body(context, update ?? nameAndLabels);
      if (typeof changes.name === "string") requireUniqueName(project, kind, changes.name, record);
      Object.assign(record, changes);
      return answer(context, record);
    })
    .delete("/:id{[0-9]+}", (context) => {
      const project = projectOf(context);
      const record = findRecord(project, kind, pathId(context));
      if ("protection" in record && record.protection.delete) throw isProtected(singular);
      const action = beforeDelete(record, project);
      removeRecord(project, kind, record);
      return action ? context.json({ action: viewAction(action, project) }) : context.body(null, 204);
    });
}
