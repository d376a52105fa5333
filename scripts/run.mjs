#!/usr/bin/env node
// Runs one of the project's TypeScript entries as a bundle: `run.mjs main.ts`, or the `olympus` command without one.
// A bundle starts in a third of the time of the sources; it is made again whenever a file it was made of changes.
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import vm from "node:vm";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
process.env.INIT_CWD = process.cwd();
process.chdir(root);

const entry = process.argv[2]?.endsWith(".ts") ? process.argv.splice(2, 1)[0] : "cli/olympus.ts";
const bundle = join(root, "build", entry.replace(/\//g, "-").replace(/\.ts$/, ".cjs"));
const stamp = (file) => {
  const { mtimeMs, size } = statSync(file);
  return `${mtimeMs}:${size}`;
};

/** The bundle as it was made, unless a file it was made of has changed since. */
function kept() {
  try {
    const text = readFileSync(bundle, "utf8");
    const { id, inputs } = JSON.parse(text.slice(2, text.indexOf("\n")));
    return Object.entries(inputs).every(([file, was]) => stamp(file) === was) ? { id, text } : undefined;
  } catch {
    return undefined;
  }
}

async function make() {
  const { build } = await import("esbuild");
  const begin = Date.now();
  const { metafile, outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    platform: "node",
    target: "node20.9",
    format: "cjs",
    external: ["esbuild", "miniflare", "cdktf-cli", "@faker-js/faker"],
    alias: { archiver: "./stacks/no-archiver.ts" },
    minifySyntax: true,
    minifyWhitespace: true,
    metafile: true,
    write: false,
    logLevel: "error",
  });
  // The lock file stands for all of node_modules.
  const files = [
    ...Object.keys(metafile.inputs).filter((f) => !f.includes("node_modules")),
    "package-lock.json",
    "scripts/run.mjs",
  ];
  // A file that was saved meanwhile may not be in the bundle as it is now: what was made serves this one run.
  const stampOf = (file) => (statSync(file).mtimeMs < begin ? stamp(file) : "changed meanwhile");
  const id = `${begin}-${process.pid}`;
  const header = JSON.stringify({ id, inputs: Object.fromEntries(files.map((f) => [f, stampOf(f)])) });
  const text = `//${header}\n(function (exports, require, module) {${outputFiles[0].text}\n})`;
  mkdirSync(dirname(bundle), { recursive: true });
  writeAside(bundle, text);
  for (const file of readdirSync(dirname(bundle)))
    if (file.startsWith(`${basename(bundle)}.`) && file.endsWith(".v8"))
      rmSync(join(dirname(bundle), file), { force: true });
  return { id, text };
}

/**
 * Runs a bundle with what V8 compiled of it the last time: a third of the start is compiling. That bears the bundle's
 * id, for V8 itself tells two sources apart by nothing but their length. Node's own module.enableCompileCache leaves out
 * the functions that ran, and with them most of the gain (docs/bench.md).
 */
function run({ id, text }) {
  const compiled = `${bundle}.${id}.v8`;
  const cachedData = contentOf(compiled);
  const script = new vm.Script(text, { filename: bundle, cachedData });
  const module = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(bundle), module);
  if (cachedData && !script.cachedDataRejected) return;
  process.once("exit", () => writeAside(compiled, script.createCachedData()));
}

/** Undefined where the file is not there; another process may take it away between a look and the reading. */
function contentOf(file) {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

/** Write aside and switch: a second process may be reading. */
function writeAside(file, content) {
  writeFileSync(`${file}.${process.pid}`, content);
  renameSync(`${file}.${process.pid}`, file);
}

run(
  kept() ??
    (await make().catch((error) => {
      // What is wrong in a source, and where, esbuild has said.
      if (!error.errors) console.error(error);
      process.exit(1);
    })),
);
// The program has written everything when it returns; commands go on. To let Node wind down by itself costs 15 ms.
if (entry === "main.ts" && !process.exitCode) process.exit();
