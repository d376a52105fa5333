import { Hono } from "hono";
import { z } from "zod";
import { mayReach } from "./auth.ts";
import { ok, page, readBody, refuse } from "./envelope.ts";
import { defaultSettings, settingProblem } from "./settings.ts";
import { type Store, type ZoneSeed, zoneRecord } from "./store.ts";

/** Puts a zone of the free plan in the account, with its default settings, unless it is there. */
export function seedZone(store: Store, seed: ZoneSeed): void {
  if (!store.get("zones", seed.id)) {
    const now = store.now();
    store.put("zones", seed.id, {
      id: seed.id,
      name: seed.name,
      status: "active",
      paused: false,
      type: "full",
      development_mode: 0,
      name_servers: ["ada.ns.cloudflare.com", "bob.ns.cloudflare.com"],
      original_name_servers: null,
      original_registrar: null,
      original_dnshost: null,
      created_on: now,
      modified_on: now,
      activated_on: now,
      account: { id: seed.accountId, name: "Sandbox" },
      owner: { id: null, name: null, type: "user" },
      plan: { id: "0feeeeeeeeeeeeeeeeeeeeeeeeeeeeee", name: "Free Website", price: 0, legacy_id: "free" },
      meta: { step: 2, custom_certificate_quota: 0, page_rule_quota: 3, phishing_detected: false },
      permissions: ["#zone:read", "#dns_records:edit"],
    });
  }
  for (const [id, value] of defaultSettings()) {
    const key = `${seed.id}/${id}`;
    if (!store.get("zone_settings", key)) {
      store.put("zone_settings", key, { id, value, editable: true, modified_on: null });
    }
  }
}

/** Zones (read only: they are created by hand) and their settings. */
export function zones(store: Store): Hono {
  return new Hono()
    .get("/zones", (c) => {
      const { name, status } = c.req.query();
      const found = store
        .list("zones")
        .filter(({ id }) => mayReach(c, id))
        .filter((zone) => (!name || zone.name === name) && (!status || zone.status === status));
      return page(c, found, 20, 50);
    })
    .get("/zones/:zone", (c) => ok(c, zoneRecord(store, c.req.param("zone"))))
    .get("/zones/:zone/settings", (c) => {
      const { id } = zoneRecord(store, c.req.param("zone"));
      const own = store.entries("zone_settings").filter(([key]) => key.startsWith(`${id}/`));
      return ok(
        c,
        own.map(([, setting]) => setting),
      );
    })
    .get("/zones/:zone/settings/:setting", (c) => ok(c, settingOf(store, c.req.param())))
    .patch("/zones/:zone/settings/:setting", async (c) => {
      const setting = settingOf(store, c.req.param());
      const { value } = await readBody(c, z.object({ value: z.unknown() }), 1007);
      const name = c.req.param("setting");
      if (settingProblem(name, value)) throw refuse(400, 1007, `Invalid value for zone setting ${name}`);
      const changed = { ...setting, value, modified_on: store.now() };
      store.put("zone_settings", `${c.req.param("zone")}/${name}`, changed);
      return ok(c, changed);
    });
}

function settingOf(store: Store, at: { zone: string; setting: string }) {
  zoneRecord(store, at.zone);
  const setting = store.get("zone_settings", `${at.zone}/${at.setting}`);
  if (!setting) throw refuse(400, 1006, `Unrecognized zone setting name: ${at.setting}`);
  return setting;
}
