import type { Context } from "hono";
import { bodyFaults } from "./description.ts";
import { GithubError, invalidRequest, notThere } from "./errors.ts";
import type { OperationName } from "./operations.ts";
import type { EnvironmentRecord, GithubWorld } from "./world.ts";

/** What every route finds in its context. */
export interface GithubEnv {
  Variables: { world: GithubWorld; operation: OperationName };
}

/** Reads a body of the described form. */
export async function bodyOf<T>(context: Context<GithubEnv>): Promise<T> {
  const text = await context.req.text();
  let given: unknown;
  try {
    given = text === "" ? {} : JSON.parse(text);
  } catch {
    throw new GithubError(400, "Problems parsing JSON");
  }
  const problems = bodyFaults(context.get("operation"), given);
  if (problems.length) throw invalidRequest(problems);
  return given as T;
}

/** The environment of the path. */
export function environmentInPath(context: Context<GithubEnv>): EnvironmentRecord {
  const found = context.get("world").environment(context.req.param("environment") ?? "");
  if (!found) throw notThere();
  return found;
}

const LARGEST_PAGE = 100;

/** The page that was asked for, and a link to the next one. */
export function pageOf<T>(context: Context<GithubEnv>, all: readonly T[]): T[] {
  const asked = (name: string, otherwise: number) =>
    Math.max(1, Number(context.req.query(name) ?? otherwise));
  const size = Math.min(asked("per_page", 30), LARGEST_PAGE);
  const number = asked("page", 1);
  if (number * size < all.length) {
    const next = new URL(context.req.url);
    next.searchParams.set("page", String(number + 1));
    context.header("Link", `<${next}>; rel="next"`);
  }
  return all.slice((number - 1) * size, number * size);
}

/** When everything here was made: nothing asks for more. */
export const MADE = "2026-01-01T00:00:00Z";
