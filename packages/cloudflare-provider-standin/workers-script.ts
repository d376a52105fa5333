import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { isAbsolute } from "node:path";
import { z } from "zod";
import type { Api } from "./api.ts";
import type { Path, ResourceKind } from "./kind.ts";
import type { Attributes } from "./schema.ts";
import { isObject, objectOf, toJsonObject, unknown, type Values } from "./values.ts";

const script: Path = ({ account_id, script_name }) => `accounts/${account_id}/workers/scripts/${script_name}`;
const service = z.object({
  default_environment: z.object({ script: z.record(z.string(), z.unknown()) }),
});
const settings = z.looseObject({
  bindings: z.array(z.looseObject({ name: z.string(), type: z.string() })),
  placement: z.looseObject({ mode: z.string().optional() }),
});
const local = ["account_id", "script_name", "content", "content_file", "content_sha256", "content_type"];

/** A Worker script: uploaded as multipart, read back from three places. */
export const workersScript: ResourceKind = {
  create: { method: "PUT", path: script },
  read: script,
  update: { method: "PUT", path: script },
  remove: script,
  address: ["account_id", "script_name"],
  named: "script_name",
  imports: "<account_id>/<script_name>",
  replaces: ["account_id", "script_name"],
  keeps: ["id", "created_on"],
  defaults: {
    compatibility_date: "",
    logpush: false,
    "observability.logs.persist": true,
    usage_model: "standard",
  },
  stale: [],
  settle: settleBindings,
  write: upload,
  fetch: download,
};

/** Only a Durable Object has parts that the API computes. */
function settleBindings(planned: Values): void {
  if (!Array.isArray(planned.bindings)) return;
  planned.bindings = planned.bindings.map((each) => {
    if (!isObject(each) || each.type === "durable_object_namespace") return each;
    const known = Object.entries(each).map(([name, value]) => [name, value === unknown ? null : value]);
    return Object.fromEntries(known);
  });
}

async function upload(api: Api, attributes: Attributes, values: Values) {
  const content = sourceOf(values);
  const main = typeof values.main_module === "string" ? values.main_module : undefined;
  const part = main ?? "script";
  const computed = Object.keys(attributes).filter(
    (name) => !attributes[name]?.required && !attributes[name]?.optional,
  );
  const metadata = toJsonObject(attributes, values, [...local, ...computed]);
  const type =
    typeof values.content_type === "string"
      ? values.content_type
      : `application/javascript${main ? "+module" : ""}`;
  const form = new FormData();
  form.append(part, new Blob([content], { type }), part);
  form.append("metadata", JSON.stringify(main ? metadata : { ...metadata, body_part: part }));
  await api.call("PUT", script(values), form);
  return download(api, values);
}

function sourceOf(values: Values): string {
  if (typeof values.content === "string") return values.content;
  const path = values.content_file;
  if (typeof path !== "string")
    throw new Error("Set content or content_file: the stand-in uploads no assets.");
  // The stand-in does not run in Terraform's folder, so a relative path would mean another file.
  if (!isAbsolute(path)) throw new Error(`content_file "${path}": the stand-in needs an absolute path.`);
  return readFileSync(path, "utf8");
}

async function download(api: Api, state: Values): Promise<Record<string, unknown>> {
  const { account_id, script_name } = state;
  const found = service.parse(
    await api.call("GET", `accounts/${account_id}/workers/services/${script_name}`),
  );
  const { id, ...about } = found.default_environment.script;
  const { placement, bindings, ...configured } = settings.parse(
    await api.call("GET", `${script(state)}/settings`),
  );
  const content = await readContent(await api.fetch("GET", `${script(state)}/content/v2`));
  return {
    ...about,
    ...configured,
    placement: placement.mode ? placement : null,
    bindings: knownBindings(state, bindings),
    ...(typeof state.content_file !== "string" && { content }),
    ...(typeof state.content_sha256 === "string" && {
      content_sha256: createHash("sha256").update(content).digest("hex"),
    }),
  };
}

async function readContent(response: Response): Promise<string> {
  if (!response.headers.get("content-type")?.startsWith("multipart/")) return response.text();
  const [first] = [...(await response.formData()).values()];
  return typeof first === "string" ? first : ((await first?.text()) ?? "");
}

/**
 * The bindings of the state first and as they are there (secrets cannot be read back), then new ones, but no
 * secret that was set outside Terraform: so a token put in by hand is neither shown nor planned away.
 */
function knownBindings(state: Values, remote: z.infer<typeof settings>["bindings"]): unknown[] {
  const ours = (Array.isArray(state.bindings) ? state.bindings : []).map(objectOf);
  const exists = ({ name, type }: Values) => remote.some((one) => one.name === name && one.type === type);
  const kept = ours.filter((one) => one.type !== "secret_text" || exists(one));
  const fresh = remote.filter(
    (one) =>
      one.type !== "secret_text" && !ours.some(({ name, type }) => name === one.name && type === one.type),
  );
  return [...kept, ...fresh];
}
