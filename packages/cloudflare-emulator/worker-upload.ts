import { createHash } from "node:crypto";
import { z } from "zod";
import { refuse } from "./envelope.ts";
import type { Store, Stored } from "./store.ts";

export const binding = z.looseObject({ name: z.string(), type: z.string() });
export type Binding = z.infer<typeof binding>;

const metadata = z.looseObject({
  main_module: z.string().optional(),
  body_part: z.string().optional(),
  bindings: z.array(binding).nullish(),
  keep_bindings: z.array(z.string()).nullish(),
  compatibility_date: z.string().nullish(),
  compatibility_flags: z.array(z.string()).nullish(),
  placement: z.looseObject({ mode: z.string().nullish() }).nullish(),
  logpush: z.boolean().nullish(),
  observability: z.unknown().optional(),
  limits: z.unknown().optional(),
  tail_consumers: z.unknown().optional(),
  usage_model: z.string().nullish(),
});

interface UploadContext {
  /** The script that the upload replaces. */
  readonly old: Stored | undefined;
  /** `bindings_inherit=strict`: a binding that inherits from nothing is refused instead of dropped. */
  readonly strict: boolean;
}

/** Handlers that the script's source names; a real upload runs it to find out. */
const handlerNames = ["fetch", "scheduled", "queue", "email", "tail"];

/** Reads a multipart upload into the stored form. */
export async function uploadedScript(
  store: Store,
  form: FormData,
  { old, strict }: UploadContext,
): Promise<Stored> {
  const meta = await readMetadata(form);
  const part = meta.main_module ?? meta.body_part;
  const source = part === undefined ? undefined : partOf(form, part);
  if (part === undefined || source === undefined) {
    throw refuse(400, 10021, "metadata must name a part of the upload as main_module or body_part");
  }
  const content = typeof source === "string" ? source : await source.text();
  const now = store.now();
  return {
    content,
    part,
    bindings: keptBindings(meta.bindings ?? [], meta.keep_bindings ?? [], { old, strict }),
    compatibility_date: meta.compatibility_date ?? "",
    compatibility_flags: meta.compatibility_flags ?? [],
    has_modules: meta.main_module !== undefined,
    has_assets: false,
    handlers: handlerNames.filter((name) => new RegExp(`\\b${name}\\s*[(:]`).test(content)),
    named_handlers: [],
    logpush: meta.logpush ?? false,
    usage_model: meta.usage_model ?? "standard",
    placement: meta.placement?.mode ? meta.placement : {},
    ...(meta.observability ? { observability: meta.observability } : {}),
    ...(meta.limits ? { limits: meta.limits } : {}),
    tail_consumers: meta.tail_consumers ?? [],
    etag: createHash("sha256").update(content).digest("hex"),
    last_deployed_from: "api",
    startup_time_ms: 1,
    created_on: old?.created_on ?? now,
    modified_on: now,
  };
}

/** A module by the name of its part, or of its file: Cloudflare's own clients send all of them as `files`. */
const partOf = (form: FormData, name: string): File | string | undefined =>
  form.get(name) ?? [...form.values()].find((value) => typeof value !== "string" && value.name === name);

async function readMetadata(form: FormData) {
  const part = form.get("metadata");
  if (part === null) throw refuse(400, 10021, "the upload has no metadata part");
  try {
    return metadata.parse(JSON.parse(typeof part === "string" ? part : await part.text()));
  } catch (error) {
    throw refuse(400, 10021, `metadata cannot be read: ${error instanceof Error ? error.message : error}`);
  }
}

/** An upload replaces all bindings except kept types and those it says it inherits. */
function keptBindings(sent: Binding[], keep: readonly string[], { old, strict }: UploadContext): Binding[] {
  const before = z.array(binding).parse(old?.bindings ?? []);
  const resolved = sent.flatMap((entry) => {
    if (entry.type !== "inherit") return [entry];
    const inherited = before.find((known) => known.name === entry.name);
    if (!inherited && strict) throw refuse(400, 10021, `binding ${entry.name} inherits from nothing`);
    return inherited ? [inherited] : [];
  });
  const names = new Set(resolved.map((entry) => entry.name));
  return [...resolved, ...before.filter((known) => keep.includes(known.type) && !names.has(known.name))];
}
