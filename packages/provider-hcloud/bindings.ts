import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isAlive } from "@olympus-infra/lib/is-alive.ts";
import { childEnvironment } from "@olympus-infra/lib/process-env.ts";
import { execa } from "execa";
import { pinnedVersion, schemaFile, writeJson } from "./schema.ts";

/** The folder of this package. */
export const PACKAGE = fileURLToPath(new URL(".", import.meta.url));

const EMITTER = ["emit.ts", "schema.ts"];
const LIBRARIES = ["@cdktf/commons", "@cdktf/provider-generator", "cdktf", "codemaker", "typescript"];

/** A digest of all that the bindings are made of: version, schema, the emitter, and the versions of its libraries. */
function fingerprint(version: string, schema: string): string {
  const require = createRequire(import.meta.url);
  const hash = createHash("sha256").update(version).update(readFileSync(schema));
  for (const file of EMITTER) hash.update(readFileSync(join(PACKAGE, file)));
  for (const library of LIBRARIES) {
    const { version }: { version: string } = require(`${library}/package.json`);
    hash.update(`${library}@${version}\n`);
  }
  return hash.digest("hex");
}

/** What the bindings in `out` were made from; undefined when there are none. */
function madeFrom(out: string): string | undefined {
  try {
    const manifest: { madeFrom?: string } = JSON.parse(readFileSync(join(out, "package.json"), "utf8"));
    return manifest.madeFrom;
  } catch {
    return undefined;
  }
}

/** Writes TypeScript to `work`/src and the compiled bindings to `work`/lib. */
async function emit(schema: string, version: string, work: string): Promise<void> {
  mkdirSync(work, { recursive: true });
  const args = ["--import", "tsx", "emit.ts", schema, version, join(work, "src"), join(work, "lib")];
  // Loading @cdktf/commons runs Terraform, and calls a telemetry host when that fails.
  const quiet = childEnvironment({ CHECKPOINT_DISABLE: "1", TERRAFORM_BINARY_NAME: "true" });
  await execa(process.execPath, args, { cwd: PACKAGE, env: quiet, extendEnv: false });
}

/** Puts the finished folder `fresh` in the place of `out`, whose old content goes to `old`. */
function swap(fresh: string, out: string, old: string): void {
  if (existsSync(out)) renameSync(out, old);
  renameSync(fresh, out);
}

/** Deletes what killed runs left in `folder`: every run works in a folder named after its process. */
function sweep(folder: string): void {
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    if (!isAlive(Number(name))) rmSync(join(folder, name), { recursive: true, force: true });
  }
}

/**
 * Makes the bindings of the pinned schema of the package in `folder`, unless `lib` already holds them.
 * Needs neither Terraform nor network. A run that dies leaves `lib` as it was; between the two renames at the
 * end it leaves none, and the next run makes it. `folder` must be inside the checkout, where cdktf is found.
 * @returns whether anything was made
 * @throws when the schema of the pinned version is missing, or the bindings do not compile
 */
export async function makeBindings(folder = PACKAGE): Promise<boolean> {
  const version = pinnedVersion(folder);
  const schema = schemaFile(folder, version);
  if (!existsSync(schema)) {
    throw new Error(
      `${schema} is missing, and package.json pins ${version}: run \`npm run provider:refresh -- ${version}\``,
    );
  }
  const wanted = fingerprint(version, schema);
  const out = join(folder, "lib");
  if (madeFrom(out) === wanted) return false;

  sweep(join(folder, "build"));
  const work = join(folder, "build", String(process.pid));
  try {
    await emit(schema, version, work);
    writeJson(join(work, "lib", "package.json"), { type: "commonjs", madeFrom: wanted });
    swap(join(work, "lib"), out, join(work, "old"));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return true;
}
