import { Hono } from "hono";
import { canBeProxied, contentOf, qualified, type RecordBody, recordBody } from "./dns-content.ts";
import { ok, page, readBody, refuse } from "./envelope.ts";
import { ID, newId, type Store, type Stored, zoneRecord } from "./store.ts";
import { zoneFile } from "./zone-file.ts";

/** DNS records of a zone. `reachable` are private ranges that the proxy reaches. */
export function dnsRecords(store: Store, reachable: readonly string[]): Hono {
  const all = "/zones/:zone/dns_records";
  const one = `${all}/:id${ID}` as const;
  const write = (zone: Zone, body: RecordBody, fixed: Fixed) => {
    const record = built(store, zone, body, fixed, reachable);
    refuseConflict(recordsOf(store, zone.id), record);
    store.put("dns_records", record.id, record);
    return shown(record);
  };
  const replace = (old: Stored, body: RecordBody) =>
    write(zoneRecord(store, String(old.zone_id)), body, {
      id: String(old.id),
      created_on: String(old.created_on),
    });
  return new Hono()
    .get(all, (c) => {
      const zone = zoneRecord(store, c.req.param("zone"));
      const query = c.req.query();
      const name = query["name.exact"] ?? query.name;
      const content = query["content.exact"] ?? query.content;
      const found = recordsOf(store, zone.id).filter(
        (record) =>
          (!name || record.name === name.toLowerCase()) &&
          (!query.type || record.type === query.type) &&
          (!content || record.content === content) &&
          (!query.proxied || String(record.proxied) === query.proxied),
      );
      return page(c, found.map(shown), 100, 5_000_000);
    })
    .post(all, async (c) => {
      const zone = zoneRecord(store, c.req.param("zone"));
      const body = await readBody(c, recordBody, 1004);
      return ok(c, write(zone, body, { id: newId(), created_on: store.now() }));
    })
    .get(`${all}/export`, (c) => {
      const zone = zoneRecord(store, c.req.param("zone"));
      return c.text(zoneFile(zone, recordsOf(store, zone.id), store.now()));
    })
    .get(one, (c) => ok(c, shown(recordOf(store, c.req.param()))))
    .put(one, async (c) => {
      const old = recordOf(store, c.req.param());
      return ok(c, replace(old, await readBody(c, recordBody, 1004)));
    })
    .patch(one, async (c) => {
      const old = recordOf(store, c.req.param());
      const change = await readBody(c, recordBody.partial(), 1004);
      const sent = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
      return ok(c, replace(old, recordBody.parse({ ...old, ...sent })));
    })
    .delete(one, (c) => {
      const { id } = recordOf(store, c.req.param());
      store.remove("dns_records", String(id));
      return ok(c, { id });
    });
}

const recordsOf = (store: Store, zone: string) =>
  store.list("dns_records").filter((record) => record.zone_id === zone);

function recordOf(store: Store, at: { zone: string; id: string }): Stored {
  zoneRecord(store, at.zone);
  const record = store.get("dns_records", at.id);
  if (record?.zone_id !== at.zone) throw refuse(404, 81044, "Record does not exist.");
  return record;
}

type Zone = ReturnType<typeof zoneRecord>;
/** What a record keeps through all changes. */
interface Fixed {
  readonly id: string;
  readonly created_on: string;
}

function built(store: Store, zone: Zone, body: RecordBody, fixed: Fixed, reachable: readonly string[]) {
  const now = store.now();
  const proxied = body.proxied ?? false;
  const content = contentOf(body, reachable);
  const name = qualified(body.name, zone.name);
  if (body.type === "CNAME" && content.replace(/\.$/, "").toLowerCase() === name) {
    throw refuse(400, 9039, "CNAME content cannot reference itself.");
  }
  return {
    ...fixed,
    zone_id: zone.id,
    name,
    type: body.type,
    content,
    ...(body.priority != null && { priority: body.priority }),
    ...(body.data && { data: body.data }),
    proxiable: canBeProxied(body.type, content, reachable),
    proxied,
    // The proxy answers with its own lifetime, so the API stores "automatic" whatever was sent.
    ttl: proxied ? 1 : body.ttl,
    settings: body.settings,
    meta: {},
    comment: body.comment ?? null,
    tags: body.tags,
    modified_on: now,
    ...(body.comment && { comment_modified_on: now }),
  };
}

function refuseConflict(records: Stored[], fresh: { id: string; name: string; type: string } & Stored): void {
  const same = records.filter((record) => record.name === fresh.name && record.id !== fresh.id);
  const twin = same.find((record) => record.type === fresh.type && record.content === fresh.content);
  if (twin) {
    const identical = twin.ttl === fresh.ttl && twin.proxied === fresh.proxied;
    throw identical
      ? refuse(400, 81058, "An identical record already exists.")
      : refuse(400, 81057, "Record already exists.");
  }
  const hosts = ["A", "AAAA", "CNAME"];
  if (fresh.type === "CNAME" && same.some((record) => hosts.includes(String(record.type)))) {
    throw refuse(400, 81053, "An A, AAAA, or CNAME record with that host already exists.");
  }
  if (hosts.includes(fresh.type) && same.some((record) => record.type === "CNAME")) {
    throw refuse(400, 81054, "A CNAME record with that host already exists.");
  }
}

/** A record as answered: the zone is in the path only. */
const shown = ({ zone_id, ...record }: Stored) => record;
