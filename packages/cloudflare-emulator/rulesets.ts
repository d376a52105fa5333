import { Hono } from "hono";
import { z } from "zod";
import { ok, page, readBody, refuse } from "./envelope.ts";
import { checkRules } from "./plan-limits.ts";
import { ruleBody } from "./rule-body.ts";
import { ID, newId, type Store, type Stored, zoneRecord } from "./store.ts";

const content = z.object({
  name: z.string().nullish(),
  description: z.string().nullish(),
  rules: z.array(ruleBody).nullish(),
});
const creation = content.extend({ kind: z.enum(["zone", "custom"]), phase: z.string() });
const ruleView = z.looseObject({ id: z.string(), ref: z.string() });
const invalid = 20217;

const one = `/zones/:zone/rulesets/:id${ID}` as const;

/** Rulesets of a zone and the entrypoint of each phase. */
export function rulesets(store: Store): Hono {
  return new Hono()
    .get("/zones/:zone/rulesets", (c) => {
      const { id } = zoneRecord(store, c.req.param("zone"));
      return page(
        c,
        rulesetsOf(store, id).map(({ zone_id, rules, ...summary }) => summary),
      );
    })
    .post("/zones/:zone/rulesets", async (c) => {
      const { id } = zoneRecord(store, c.req.param("zone"));
      const body = await readBody(c, creation, invalid);
      if (body.kind === "zone" && entrypoint(store, id, body.phase)) {
        const reason = `exceeded maximum number of zone rulesets for phase ${body.phase}`;
        throw refuse(400, invalid, `'zone' is not a valid value for kind because ${reason}`, "/kind");
      }
      return ok(c, written(store, { zone_id: id, id: newId(), kind: body.kind, phase: body.phase }, body));
    })
    .get("/zones/:zone/rulesets/phases/:phase/entrypoint", (c) => {
      const { zone, phase } = c.req.param();
      const found = entrypoint(store, zoneRecord(store, zone).id, phase);
      if (!found) throw refuse(404, 10003, `could not find entrypoint ruleset in the ${phase} phase`);
      return ok(c, shown(found));
    })
    .put("/zones/:zone/rulesets/phases/:phase/entrypoint", async (c) => {
      const { zone, phase } = c.req.param();
      const { id } = zoneRecord(store, zone);
      const old = entrypoint(store, id, phase) ?? { zone_id: id, id: newId(), kind: "zone", phase };
      return ok(c, written(store, old, await readBody(c, content, invalid)));
    })
    .get(one, (c) => ok(c, shown(rulesetOf(store, c.req.param()))))
    .put(one, async (c) =>
      ok(c, written(store, rulesetOf(store, c.req.param()), await readBody(c, content, invalid))),
    )
    .delete(one, (c) => {
      store.remove("rulesets", String(rulesetOf(store, c.req.param()).id));
      return c.body(null, 204);
    });
}

const rulesetsOf = (store: Store, zone: string) =>
  store.list("rulesets").filter((ruleset) => ruleset.zone_id === zone);

const entrypoint = (store: Store, zone: string, phase: string) =>
  rulesetsOf(store, zone).find((ruleset) => ruleset.kind === "zone" && ruleset.phase === phase);

function rulesetOf(store: Store, at: { zone: string; id: string }): Stored {
  zoneRecord(store, at.zone);
  const ruleset = store.get("rulesets", at.id);
  if (ruleset?.zone_id !== at.zone) throw refuse(404, 10001, `could not find ruleset ${at.id}`);
  return ruleset;
}

/** Stores a new version. A rule keeps its id while its `ref` stays, as in the API. */
function written(store: Store, old: Stored, body: z.infer<typeof content>) {
  const rules = body.rules ?? [];
  checkRules(String(old.phase), rules);
  const known = new Map(
    z
      .array(ruleView)
      .parse(old.rules ?? [])
      .map((rule) => [rule.ref, rule.id]),
  );
  const now = store.now();
  const fresh = {
    ...old,
    name: body.name ?? old.name ?? "default",
    description: body.description ?? old.description ?? "",
    version: String(Number(old.version ?? 0) + 1),
    last_updated: now,
    rules: rules.map((rule) => {
      const id = (rule.ref && known.get(rule.ref)) || newId();
      const logging = rule.logging ?? (rule.action === "skip" ? { enabled: true } : undefined);
      return {
        ...rule,
        id,
        version: "1",
        description: rule.description ?? "",
        enabled: rule.enabled ?? true,
        ref: rule.ref ?? id,
        ...(logging && { logging }),
        last_updated: now,
      };
    }),
  };
  store.put("rulesets", String(old.id), fresh);
  return shown(fresh);
}

const shown = ({ zone_id, ...ruleset }: Stored) => ruleset;
