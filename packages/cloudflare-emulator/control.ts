import { Hono, type MiddlewareHandler } from "hono";
import { z } from "zod";
import { certificateAuthority } from "./authority.ts";
import { failed, readBody, refuse } from "./envelope.ts";
import { type Store, TABLES, type Table } from "./store.ts";

const faultSchema = z.object({
  /** Text that the path of a hit request contains. Default: any request. */
  path: z.string().default(""),
  method: z.string().optional(),
  status: z.union([z.literal(429), z.literal(500), z.literal(503)]).default(429),
  /** How many requests it hits. */
  times: z.number().int().positive().default(1),
  /** Seconds in the `Retry-After` header. */
  retry_after: z.number().nonnegative().default(0),
});
type Fault = z.infer<typeof faultSchema>;

const messages: Record<Fault["status"], { code: number; message: string }> = {
  429: { code: 971, message: "Please wait and consider throttling your request speed" },
  500: { code: 1000, message: "Internal server error" },
  503: { code: 1000, message: "Service unavailable" },
};

/** Failures asked for by a test or an operator: they answer the next matching requests. */
export function faults() {
  const pending: Fault[] = [];
  const strike: MiddlewareHandler = async (c, next) => {
    const hit = pending.find(
      (fault) =>
        fault.times > 0 &&
        c.req.path.includes(fault.path) &&
        (!fault.method || fault.method === c.req.method),
    );
    if (!hit) return next();
    hit.times -= 1;
    const { code, message } = messages[hit.status];
    const refusal = refuse(hit.status, code, message);
    refusal.headers["Retry-After"] = String(hit.retry_after);
    return failed(c, refusal);
  };
  return { pending, strike };
}

/** Routes that no cloud has: look, drift, break, reset. Loopback only, so without a token. */
export function cloudflareControl(store: Store, pending: Fault[], reset: () => void): Hono {
  return new Hono()
    .get("/objects/:table", (c) => {
      const table = tableOf(c.req.param("table"));
      return c.json(Object.fromEntries(store.entries(table)));
    })
    .patch("/objects/:table/:key{.+}", async (c) => {
      const { table, key, value } = objectOf(store, c.req.param());
      const changed = { ...value, ...(await readBody(c, z.record(z.string(), z.unknown()), 6007)) };
      store.put(table, key, changed);
      store.save();
      return c.json(changed);
    })
    .delete("/objects/:table/:key{.+}", (c) => {
      const { table, key } = objectOf(store, c.req.param());
      store.remove(table, key);
      store.save();
      return c.json({ deleted: key });
    })
    .get("/authority.pem", async (c) => c.text((await certificateAuthority(store)).certificate))
    .post("/faults", async (c) => {
      pending.push(await readBody(c, faultSchema, 6007));
      return c.json({ pending: pending.length });
    })
    .post("/reset", (c) => {
      reset();
      pending.length = 0;
      return c.json({ reset: true });
    });
}

function tableOf(name: string): Table {
  const table = TABLES.find((known) => known === name);
  if (!table) throw refuse(404, 404, `No table "${name}". There are: ${TABLES.join(", ")}`);
  return table;
}

function objectOf(store: Store, at: { table: string; key: string }) {
  const table = tableOf(at.table);
  const value = store.get(table, at.key);
  if (!value) throw refuse(404, 404, `No "${at.key}" in ${table}`);
  return { table, key: at.key, value };
}
