import type { Context } from "hono";
import { z } from "zod";
import type { Project } from "./emulated-cloud.ts";
import { ApiError, invalidBody } from "./errors.ts";

/** What every route finds in its context. */
export interface Env {
  Variables: { project: Project };
}

export const projectOf = (context: Context<Env>): Project => context.get("project");

/** Reads the JSON body. 400 `json_error` when it is none, 422 `invalid_input` with every field when it is wrong. */
export async function body<T extends z.ZodType>(context: Context<Env>, schema: T): Promise<z.infer<T>> {
  const text = await context.req.text();
  let json: unknown;
  try {
    json = text === "" ? {} : JSON.parse(text);
  } catch {
    throw new ApiError(400, "json_error", "invalid JSON in request body");
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success) throw invalidBody(parsed.error);
  return parsed.data;
}

/** The id in the path. */
export const pathId = (context: Context<Env>): number => Number(context.req.param("id"));

// Label syntax: hcloud-go 2.47.0, hcloud/labels.go.
const labelValue = z
  .string()
  .regex(
    /^([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?$/,
    "label value must be at most 63 of A-Z a-z 0-9 - _ .",
  );
const labelKey = z
  .string()
  .regex(
    /^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/,
    "label key must be at most 63 of A-Z a-z 0-9 - _ ., with an optional DNS prefix",
  );
export const labelsSchema = z.record(labelKey, labelValue);

export const name = z.string().min(1).max(128);

/** RFC 1123, as the API demands of server names. */
export const hostname = z
  .string()
  .max(253)
  .regex(
    /^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$/,
    "name must be a valid hostname",
  );

/** A reference by id or by name. */
export const idOrName = z.union([z.number(), z.string()]).transform(String);
