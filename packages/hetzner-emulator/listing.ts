import type { Context } from "hono";
import { invalid } from "./errors.ts";
import { labelSelector } from "./label-selector.ts";
import type { Env } from "./request.ts";

type Row = { id: number } & object;
const filters = ["id", "name", "status", "type", "architecture", "ip", "fingerprint"];

/** Filters, sorts and cuts a list as every list of the API does, with its `meta.pagination`. */
export function listing(context: Context<Env>, key: string, rows: readonly Row[]) {
  const selector = context.req.query("label_selector");
  const selects = selector ? labelSelector(selector) : () => true;
  const found = rows.filter(
    (row) =>
      selects(field(row, "labels") ?? {}) &&
      filters.every((name) => {
        const wanted = context.req.queries(name)?.filter(Boolean) ?? [];
        return wanted.length === 0 || wanted.includes(String(field(row, name)));
      }),
  );
  const { page, perPage } = pageOf(context);
  const last = Math.max(1, Math.ceil(found.length / perPage));
  return {
    [key]: sorted(found, context.req.queries("sort") ?? []).slice((page - 1) * perPage, page * perPage),
    meta: {
      pagination: {
        page,
        per_page: perPage,
        previous_page: page > 1 ? page - 1 : null,
        next_page: page < last ? page + 1 : null,
        last_page: last,
        total_entries: found.length,
      },
    },
  };
}

function field(row: Row, name: string) {
  return (row as unknown as Record<string, never>)[name];
}

/** Defaults and limits: docs.hetzner.cloud, "Pagination". */
function pageOf(context: Context<Env>) {
  const read = (name: string, fallback: number, most: number) => {
    const value = Number(context.req.query(name) || fallback);
    if (!Number.isInteger(value) || value < 1) throw invalid(name, `${name} must be a number from 1`);
    return Math.min(value, most);
  };
  return { page: read("page", 1, Number.MAX_SAFE_INTEGER), perPage: read("per_page", 25, 50) };
}

/** `sort=name`, `sort=created:desc`, several in turn, or joined by commas as hcloud-go sends them. */
function sorted(rows: readonly Row[], sort: string[]): Row[] {
  const orders = sort.flatMap((text) => text.split(",")).map((text) => text.split(":"));
  return [...rows].sort((a, b) => {
    for (const [name = "id", direction] of orders) {
      const [x, y] =
        direction === "desc" ? [field(b, name), field(a, name)] : [field(a, name), field(b, name)];
      if (x !== y) return x > y ? 1 : -1;
    }
    return 0;
  });
}
