import { type Context, Hono } from "hono";
import { z } from "zod";
import { ok, readBody, refuse } from "./envelope.ts";
import { requireAccount, type Store, type Stored } from "./store.ts";
import { type Binding, binding, uploadedScript } from "./worker-upload.ts";

const secretBody = z.object({ name: z.string(), text: z.string(), type: z.literal("secret_text") });
const subdomainBody = z.object({ enabled: z.boolean(), previews_enabled: z.boolean().optional() });

/** Worker scripts, their settings, secrets and workers.dev switch. */
export function workers(store: Store): Hono {
  const base = "/accounts/:account/workers";
  const script = `${base}/scripts/:name`;
  const save = (c: Context, value: Stored) => store.put("scripts", keyOf(store, c), value);
  const bindingsOf = (c: Context) => z.array(binding).parse(scriptOf(store, c).bindings);
  const subdomain = (c: Context) =>
    scriptOf(store, c).subdomain ?? { enabled: false, previews_enabled: false };
  return new Hono()
    .put(script, async (c) => {
      const old = store.get("scripts", keyOf(store, c));
      const strict = c.req.query("bindings_inherit") === "strict";
      const fresh = await uploadedScript(store, await c.req.formData(), { old, strict });
      save(c, { ...fresh, ...(old?.subdomain !== undefined && { subdomain: old.subdomain }) });
      return ok(c, summary(c, scriptOf(store, c)));
    })
    .get(script, (c) => download(c, scriptOf(store, c)))
    .get(`${script}/content/v2`, (c) => download(c, scriptOf(store, c)))
    .delete(script, (c) => {
      scriptOf(store, c);
      store.remove("schedules", keyOf(store, c));
      store.remove("scripts", keyOf(store, c));
      return ok(c, null);
    })
    .get(`${base}/scripts`, (c) => {
      const prefix = `${requireAccount(store, c.req.param("account"))}/`;
      const own = store.entries("scripts").filter(([key]) => key.startsWith(prefix));
      return ok(
        c,
        own.map(([key, value]) => ({ ...summary(c, value), id: key.slice(prefix.length) })),
      );
    })
    .get(`${base}/services/:name`, (c) => {
      const found = summary(c, scriptOf(store, c));
      return ok(c, { id: found.id, default_environment: { environment: "production", script: found } });
    })
    .get(`${script}/settings`, (c) => ok(c, settings(scriptOf(store, c))))
    .get(`${script}/secrets`, (c) => ok(c, bindingsOf(c).filter(isSecret).map(hidden)))
    .put(`${script}/secrets`, async (c) => {
      const secret = await readBody(c, secretBody, 10021);
      const others = bindingsOf(c).filter((known) => known.name !== secret.name);
      save(c, { ...scriptOf(store, c), bindings: [...others, secret] });
      return ok(c, hidden(secret));
    })
    .delete(`${script}/secrets/:secret`, (c) => {
      const left = bindingsOf(c).filter((known) => known.name !== c.req.param("secret"));
      save(c, { ...scriptOf(store, c), bindings: left });
      return ok(c, null);
    })
    .get(`${script}/subdomain`, (c) => ok(c, subdomain(c)))
    .post(`${script}/subdomain`, async (c) => {
      const body = await readBody(c, subdomainBody, 10021);
      save(c, { ...scriptOf(store, c), subdomain: { previews_enabled: body.enabled, ...body } });
      return ok(c, subdomain(c));
    })
    .delete(`${script}/subdomain`, (c) => {
      save(c, { ...scriptOf(store, c), subdomain: { enabled: false, previews_enabled: false } });
      return ok(c, subdomain(c));
    });
}

const keyOf = (store: Store, c: Context) =>
  `${requireAccount(store, c.req.param("account") ?? "")}/${c.req.param("name")}`;

/** The script of the request's path. */
export function scriptOf(store: Store, c: Context): Stored {
  const found = store.get("scripts", keyOf(store, c));
  if (!found) throw refuse(404, 10007, "This Worker does not exist on your account.");
  return found;
}

const isSecret = (entry: Binding) => entry.type === "secret_text";
/** Secrets can be set and never read back. */
const hidden = ({ text, ...entry }: Binding) => entry;
const shownBinding = (entry: Binding) => (isSecret(entry) ? hidden(entry) : entry);

function summary(c: Context, { content, part, bindings, subdomain, ...script }: Stored): Stored {
  return { id: c.req.param("name"), ...script };
}

/** The provider crashes when `placement` is missing, so it is there even when empty. */
const settings = (script: Stored) => ({
  bindings: z.array(binding).parse(script.bindings).map(shownBinding),
  compatibility_date: script.compatibility_date,
  compatibility_flags: script.compatibility_flags,
  logpush: script.logpush,
  placement: script.placement,
  tail_consumers: script.tail_consumers,
  usage_model: script.usage_model,
  ...(script.observability !== undefined && { observability: script.observability }),
  ...(script.limits !== undefined && { limits: script.limits }),
  tags: [],
});

/** A script of modules comes as multipart, with a boundary that the provider reads from the header. */
function download(c: Context, script: Stored) {
  const content = String(script.content);
  if (!script.has_modules) return c.body(content, 200, { "Content-Type": "application/javascript" });
  const form = new FormData();
  const file = new Blob([content], { type: "application/javascript+module" });
  form.append(String(script.part), file, String(script.part));
  return new Response(form);
}
