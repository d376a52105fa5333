import { Hono } from "hono";
import { z } from "zod";
import { ok, readBody, refuse } from "./envelope.ts";
import { type Store, zoneRecord } from "./store.ts";

const association = z.object({
  hostname: z.string(),
  cert_id: z.string().nullish(),
  enabled: z.boolean().nullish(),
});

/** Authenticated origin pulls: the switch of the zone, and associations of single host names. */
export function originPulls(store: Store): Hono {
  return new Hono()
    .get("/zones/:zone/origin_tls_client_auth/settings", (c) => {
      const { id } = zoneRecord(store, c.req.param("zone"));
      return ok(c, store.get("origin_pulls", id) ?? { enabled: false });
    })
    .put("/zones/:zone/origin_tls_client_auth/settings", async (c) => {
      const { id } = zoneRecord(store, c.req.param("zone"));
      const setting = await readBody(c, z.object({ enabled: z.boolean() }), 1004);
      store.put("origin_pulls", id, setting);
      return ok(c, setting);
    })
    .put("/zones/:zone/origin_tls_client_auth/hostnames", async (c) => {
      const { id } = zoneRecord(store, c.req.param("zone"));
      const { config } = await readBody(c, z.object({ config: z.array(association).min(1) }), 1004);
      const now = store.now();
      const results = config.map((entry) => ({
        ...entry,
        cert_status: "active",
        status: "active",
        created_at: now,
        updated_at: now,
      }));
      for (const result of results) store.put("origin_pull_hostnames", `${id}/${result.hostname}`, result);
      return ok(c, results);
    })
    .get("/zones/:zone/origin_tls_client_auth/hostnames/:hostname{[^/]+[.][^/]+}", (c) => {
      const { zone, hostname } = c.req.param();
      const found = store.get("origin_pull_hostnames", `${zoneRecord(store, zone).id}/${hostname}`);
      if (!found) throw refuse(404, 1553, "No hostname association found");
      return ok(c, found);
    });
}
