import { randomBytes } from "node:crypto";
import { type Context, Hono } from "hono";
import { z } from "zod";
import { ok, page, readBody, refuse } from "./envelope.ts";
import { ID, newId, requireAccount, type Store, type Stored, type Table } from "./store.ts";

const title = z.object({ title: z.string().min(1).max(512) });
const widget = z.object({
  name: z.string().min(1).max(254),
  domains: z.array(z.string()).min(1).max(10),
  mode: z.enum(["non-interactive", "invisible", "managed"]),
  bot_fight_mode: z.boolean().default(false),
  clearance_level: z.enum(["no_clearance", "jschallenge", "managed", "interactive"]).default("no_clearance"),
  ephemeral_id: z.boolean().default(false),
  offlabel: z.boolean().default(false),
  region: z.enum(["world", "china"]).default("world"),
});

/** KV namespaces: of each only that it exists. */
export function namespaces(store: Store): Hono {
  const list = "/accounts/:account/storage/kv/namespaces";
  const titled = async (c: Context, id: string) => {
    const account_id = requireAccount(store, c.req.param("account") ?? "");
    const body = await readBody(c, title, 10021);
    const taken = owned(store, "namespaces", account_id).find((other) => other.title === body.title);
    if (taken && taken.id !== id) {
      throw refuse(400, 10014, "a namespace with this account ID and title already exists");
    }
    store.put("namespaces", id, { account_id, id, title: body.title, supports_url_encoding: true });
    return ok(c, shown(one(store, "namespaces", account_id, id)));
  };
  const find = (c: Context) =>
    one(store, "namespaces", requireAccount(store, c.req.param("account") ?? ""), c.req.param("id") ?? "");
  return new Hono()
    .get(list, (c) => page(c, owned(store, "namespaces", c.req.param("account")).map(shown)))
    .post(list, (c) => titled(c, newId()))
    .get(`${list}/:id${ID}`, (c) => ok(c, shown(find(c))))
    .put(`${list}/:id${ID}`, (c) => titled(c, String(find(c).id)))
    .delete(`${list}/:id${ID}`, (c) => {
      store.remove("namespaces", String(find(c).id));
      return ok(c, null);
    });
}

/** Turnstile widgets. */
export function widgets(store: Store): Hono {
  const list = "/accounts/:account/challenges/widgets";
  const find = (c: Context) =>
    one(store, "widgets", requireAccount(store, c.req.param("account") ?? ""), c.req.param("id") ?? "");
  return new Hono()
    .get(list, (c) => page(c, owned(store, "widgets", c.req.param("account")).map(shown)))
    .post(list, async (c) => {
      const account_id = requireAccount(store, c.req.param("account"));
      const body = await readBody(c, widget, 10021);
      const sitekey = `0x4AAAAAAA${token(7)}`;
      const now = store.now();
      const made = { ...body, sitekey, secret: `0x4AAAAAAA${token(14)}`, created_on: now, modified_on: now };
      store.put("widgets", sitekey, { account_id, ...made });
      return ok(c, made);
    })
    .get(`${list}/:id`, (c) => ok(c, shown(find(c))))
    .put(`${list}/:id`, async (c) => {
      const old = find(c);
      const changed = { ...old, ...(await readBody(c, widget, 10021)), modified_on: store.now() };
      store.put("widgets", String(old.sitekey), changed);
      return ok(c, shown(changed));
    })
    .delete(`${list}/:id`, (c) => {
      const old = find(c);
      store.remove("widgets", String(old.sitekey));
      return ok(c, shown(old));
    });
}

const token = (bytes: number) => randomBytes(bytes).toString("base64url");

const owned = (store: Store, table: Table, account: string) =>
  store.list(table).filter((row) => row.account_id === account);

function one(store: Store, table: Table, account: string, id: string): Stored {
  const found = store.get(table, id);
  if (found?.account_id !== account) throw refuse(404, 10013, `${table} has no ${id} in this account`);
  return found;
}

const shown = ({ account_id, ...row }: Stored) => row;
