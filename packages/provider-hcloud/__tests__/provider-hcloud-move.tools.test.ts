import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { terraformBinary } from "@olympus-infra/lib/process-env.ts";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ensureHcloudProvider } from "../../../sandbox/terraform/mirror.ts";
import { PACKAGE } from "../bindings.ts";
import { moveTo } from "../move.ts";
import { pinnedVersion, schemaFile } from "../schema.ts";

const VERSION = pinnedVersion(PACKAGE);
const SCHEMA = readFileSync(schemaFile(PACKAGE, VERSION), "utf8");
let folder: string;

beforeEach(() => {
  mkdirSync("build", { recursive: true });
  folder = mkdtempSync(join(process.cwd(), "build", "move-"));
  cpSync(join(PACKAGE, "schemas"), join(folder, "schemas"), { recursive: true });
  cpSync(join(PACKAGE, "package.json"), join(folder, "package.json"));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

/** A program in Terraform's place: `init` keeps the configuration and ends with `code`; the schema command prints `schema`. */
function terraform(schema: string, code = 0): string {
  const [program, printed] = [join(folder, "terraform"), join(folder, "printed.json")];
  writeFileSync(printed, schema);
  const init = `cp main.tf.json '${folder}'; echo 'no such release' >&2; exit ${code}`;
  const script = `#!/bin/sh\nif [ "$1" = init ]; then ${init}; fi\ncat '${printed}'\n`;
  writeFileSync(program, script, { mode: 0o755 });
  return program;
}

test("a move asks for exactly that version, and takes its schema without prose", async () => {
  const described = SCHEMA.replace(
    '"type":"string"',
    '"type":"string","description":"prose","description_kind":"plain"',
  );
  expect(described).not.toBe(SCHEMA);
  await moveTo(folder, "1.69.0", terraform(described));
  expect(JSON.parse(readFileSync(join(folder, "main.tf.json"), "utf8"))).toEqual({
    terraform: { required_providers: { hcloud: { source: "hetznercloud/hcloud", version: "1.69.0" } } },
  });
  expect(readFileSync(schemaFile(folder, "1.69.0"), "utf8")).toBe(SCHEMA);
  expect(existsSync(schemaFile(folder, VERSION))).toBe(false);
  expect(pinnedVersion(folder)).toBe("1.69.0");
  expect(readFileSync(join(folder, "lib", "server", "index.js"), "utf8")).toContain(
    "providerVersion: '1.69.0'",
  );
});

test("a release that Terraform cannot install changes nothing", async () => {
  const before = readFileSync(join(folder, "package.json"), "utf8");
  await expect(moveTo(folder, "9.9.9", terraform(SCHEMA, 1))).rejects.toThrow("no such release");
  expect(readFileSync(join(folder, "package.json"), "utf8")).toBe(before);
  expect(existsSync(schemaFile(folder, "9.9.9"))).toBe(false);
});

test("the real provider of the pinned version prints the pinned schema", async () => {
  const { cliConfig } = await ensureHcloudProvider(() => {});
  if (cliConfig) vi.stubEnv("TF_CLI_CONFIG_FILE", cliConfig);
  await moveTo(folder, VERSION, terraformBinary());
  expect(readFileSync(schemaFile(folder, VERSION), "utf8")).toBe(SCHEMA);
});
