import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { Server } from "@cdktf/provider-hcloud/lib/server/index.js";
import { TerraformResource } from "cdktf";
import { build } from "esbuild";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeBindings, PACKAGE } from "../bindings.ts";
import { PROVIDER_KEY, pinnedVersion, schemaFile } from "../schema.ts";

const VERSION = pinnedVersion(PACKAGE);
let scratch: string;

beforeAll(() => {
  // Inside the checkout: the compiler looks for cdktf upwards of the sources.
  mkdirSync("build", { recursive: true });
  scratch = mkdtempSync(join("build", "bindings-"));
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** A package folder with the pinned schema and nothing made yet. */
function emptyPackage(name: string): string {
  const folder = join(process.cwd(), scratch, name);
  mkdirSync(folder);
  cpSync(join(PACKAGE, "schemas"), join(folder, "schemas"), { recursive: true });
  cpSync(join(PACKAGE, "package.json"), join(folder, "package.json"));
  return folder;
}

/** Every file under `folder` with its content. */
function tree(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const files = entries.map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  return Object.fromEntries(
    files.sort().map((file) => [file.slice(folder.length), readFileSync(file, "utf8")]),
  );
}

test("a run elsewhere gives the same bytes as the one that made lib/", async () => {
  const folder = emptyPackage("elsewhere");
  expect(await makeBindings(folder)).toBe(true);
  expect(Object.keys(tree(join(folder, "lib"))).length).toBeGreaterThan(140);
  expect(tree(join(folder, "lib"))).toEqual(tree(join(PACKAGE, "lib")));
  expect(readdirSync(join(folder, "build"))).toEqual([]);
});

test("nothing is made again until the schema changes", async () => {
  const folder = emptyPackage("again");
  cpSync(join(PACKAGE, "lib"), join(folder, "lib"), { recursive: true });
  expect(await makeBindings(folder)).toBe(false);
  writeFileSync(schemaFile(folder, VERSION), `${readFileSync(schemaFile(folder, VERSION), "utf8")} `);
  expect(await makeBindings(folder)).toBe(true);
});

test("a run that fails leaves lib/ as it was, and no work folder", async () => {
  const folder = emptyPackage("failing");
  mkdirSync(join(folder, "lib"));
  writeFileSync(join(folder, "lib", "kept.js"), "kept");
  writeFileSync(schemaFile(folder, VERSION), "{}");
  await expect(makeBindings(folder)).rejects.toThrow();
  expect(readdirSync(join(folder, "lib"))).toEqual(["kept.js"]);
  expect(readdirSync(join(folder, "build"))).toEqual([]);
});

test("a missing schema names the file and the command", async () => {
  const folder = emptyPackage("missing");
  rmSync(schemaFile(folder, VERSION));
  await expect(makeBindings(folder)).rejects.toThrow(`run \`npm run provider:refresh -- ${VERSION}\``);
});

test("every resource and data source of the schema has its module", () => {
  const { provider_schemas }: { provider_schemas: Record<string, Record<string, object>> } = JSON.parse(
    readFileSync(schemaFile(PACKAGE, VERSION), "utf8"),
  );
  const schema = provider_schemas[PROVIDER_KEY] ?? {};
  const folder = (type: string) => type.replaceAll("_", "-");
  const wanted = [
    "provider",
    ...Object.keys(schema.resource_schemas ?? {}).map((type) => folder(type.replace(/^hcloud_/, ""))),
    ...Object.keys(schema.data_source_schemas ?? {}).map((type) => folder(`data_${type}`)),
  ];
  const modules = readdirSync(join(PACKAGE, "lib"), { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  );
  expect(modules.map((entry) => entry.name).sort()).toEqual(wanted.sort());
  for (const name of wanted) {
    for (const file of ["index.js", "index.d.ts"])
      expect(existsSync(join(PACKAGE, "lib", name, file))).toBe(true);
  }
});

const SOURCE = `import { Server } from "@cdktf/provider-hcloud/lib/server/index.js"; console.log(Server.tfResourceType);`;

test("a deep import works under vitest, on the one copy of cdktf", () => {
  expect(Server.prototype).toBeInstanceOf(TerraformResource);
  expect(Server.tfResourceType).toBe("hcloud_server");
});

test("a deep import works under tsx", async () => {
  const file = join(scratch, "entry.ts");
  writeFileSync(file, SOURCE);
  const { stdout } = await execa(process.execPath, ["--import", "tsx", file]);
  expect(stdout).toBe("hcloud_server");
});

test("a deep import works in an esbuild CJS bundle", async () => {
  const outfile = join(scratch, "bundle.cjs");
  const stdin = { contents: SOURCE, resolveDir: process.cwd() };
  await build({ stdin, bundle: true, platform: "node", format: "cjs", outfile });
  const { stdout } = await execa(process.execPath, [outfile]);
  expect(stdout).toBe("hcloud_server");
});
