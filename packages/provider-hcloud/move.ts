import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { makeBindings } from "./bindings.ts";
import { PROVIDER, pinnedSchema, pinnedVersion, schemaFile, writeJson } from "./schema.ts";

/** Asks Terraform for the schema of one provider version: the text that the package keeps. */
async function fetchSchema(version: string, terraform: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "provider-schema-"));
  try {
    const required = { [PROVIDER.name]: { source: PROVIDER.source, version } };
    writeJson(join(folder, "main.tf.json"), { terraform: { required_providers: required } });
    await execa(terraform, ["init", "-input=false", "-no-color"], { cwd: folder });
    const { stdout } = await execa(terraform, ["providers", "schema", "-json"], { cwd: folder });
    return pinnedSchema(stdout);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Writes `version` where the package in `folder` names its provider's version. */
function pin(folder: string, version: string): void {
  const file = join(folder, "package.json");
  const manifest: { version: string; cdktf: { provider: { version: string } } } = JSON.parse(
    readFileSync(file, "utf8"),
  );
  manifest.version = version;
  manifest.cdktf.provider.version = version;
  writeJson(file, manifest);
}

/**
 * Moves the package in `folder` to provider `version`: schema, version, bindings.
 * Nothing is written unless Terraform printed the schema.
 * @throws when Terraform cannot install that version, or prints no schema of it
 */
export async function moveTo(folder: string, version: string, terraform: string): Promise<void> {
  const text = await fetchSchema(version, terraform);
  const before = pinnedVersion(folder);
  writeFileSync(schemaFile(folder, version), text);
  pin(folder, version);
  if (before !== version) rmSync(schemaFile(folder, before));
  await makeBindings(folder);
}
