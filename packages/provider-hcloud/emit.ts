// Writes the bindings of one schema: `emit.ts SCHEMA VERSION SOURCES OUT`. A process of its own, started by
// bindings.ts: the generator's libraries look for Terraform and report to a telemetry host when they are loaded,
// and only variables set before the process starts prevent it.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  ConstructsMakerProviderTarget,
  Language,
  type ProviderSchema,
  TerraformProviderConstraint,
} from "@cdktf/commons";
// The deep path on purpose: the package's index wants jsii, which it does not declare.
import { TerraformProviderGenerator } from "@cdktf/provider-generator/lib/get/generator/provider-generator.js";
import { CodeMaker } from "codemaker";
import ts from "typescript";
import { PROVIDER, PROVIDER_KEY } from "./schema.ts";

/** Writes the TypeScript of every resource under `folder`, and returns the files. */
async function writeSources(schemaPath: string, version: string, folder: string): Promise<string[]> {
  const { provider_schemas }: ProviderSchema = JSON.parse(readFileSync(schemaPath, "utf8"));
  // Terraform does not print the version; without it the constructs carry none.
  const schema = { provider_schemas, provider_versions: { [PROVIDER_KEY]: version } } as ProviderSchema;
  const code = new CodeMaker();
  const constraint = new TerraformProviderConstraint({ ...PROVIDER, version });
  new TerraformProviderGenerator(code, schema).generate(
    new ConstructsMakerProviderTarget(constraint, Language.TYPESCRIPT),
  );
  await code.save(folder);
  const root = join(folder, "providers", PROVIDER.name);
  const files = readdirSync(root, { recursive: true, encoding: "utf8" });
  return files.filter((file) => file.endsWith(".ts")).map((file) => join(root, file));
}

/** Compiles `files` to CommonJS and declarations in `out`, the form of the official provider packages. */
function compile(files: string[], rootDir: string, outDir: string): void {
  const program = ts.createProgram(files.sort(), {
    target: ts.ScriptTarget.ES2020,
    module: ts.ModuleKind.CommonJS,
    moduleResolution: ts.ModuleResolutionKind.Node10,
    lib: ["lib.es2020.d.ts"],
    types: ["node"],
    declaration: true,
    stripInternal: true,
    strict: true,
    skipLibCheck: true,
    rootDir,
    outDir,
  });
  const problems = [...ts.getPreEmitDiagnostics(program), ...program.emit().diagnostics];
  if (problems.length === 0) return;
  const host = {
    getCanonicalFileName: (f: string) => f,
    getCurrentDirectory: () => rootDir,
    getNewLine: () => "\n",
  };
  throw new Error(`the generated bindings do not compile:\n${ts.formatDiagnostics(problems, host)}`);
}

const [schemaPath, version, sources, out] = process.argv.slice(2);
if (!schemaPath || !version || !sources || !out) throw new Error("usage: emit.ts SCHEMA VERSION SOURCES OUT");
compile(await writeSources(schemaPath, version, sources), join(sources, "providers", PROVIDER.name), out);
