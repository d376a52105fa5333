import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { execa } from "execa";
import { Failure } from "../../lib/failure.ts";
import { parsedJson } from "../../lib/json.ts";
import { childEnvironment } from "../../lib/process-env.ts";
import type { Answers } from "./answers.ts";
import type { FileChange } from "./file-change.ts";
import { imagesFor } from "./images.ts";

/** Hidden folders hold secrets and what was built; these the same, and states. Workflows are part of what is proved. */
const LEFT_OUT = ["node_modules", "build", "cdktf.out", "state", "coverage"];
const isCopied = (name: string): boolean =>
  !LEFT_OUT.includes(name) && (!name.startsWith(".") || name === ".github");

/**
 * Makes the changes in a throw-away copy of the checkout, and there reads them back and synthesizes every stack. Throws a
 * {@link Failure} with what was said there.
 */
export async function tryOut(answers: Answers, changes: readonly FileChange[]): Promise<void> {
  const copy = mkdtempSync(join(tmpdir(), "olympus-init-"));
  try {
    for (const name of readdirSync(".").filter(isCopied))
      cpSync(name, join(copy, name), {
        recursive: true,
        filter: (path) => basename(path) !== "node_modules",
      });
    symlinkSync(resolve("node_modules"), join(copy, "node_modules"));
    for (const { file, text, isPrivate } of changes) if (!isPrivate) changeIn(copy, file, text);
    const said = parsedJson(await run(copy, join("cli", "init", "read-back.ts")));
    if (!isDeepStrictEqual(said, plain({ answers, images: imagesFor(answers) })))
      throw new Failure(
        "The files of config/ would not say what was answered: a value there is computed, or stands twice. Nothing was written.\nChange it by hand.",
      );
    await run(copy, "main.ts");
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

function changeIn(copy: string, file: string, text: string | undefined): void {
  const path = resolve(copy, file);
  if (text === undefined) {
    rmSync(path, { force: true });
    return;
  }
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** The same as it comes back from JSON. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** Variables that would have it look at, or write to, another place than the copy. */
const ELSEWHERE = [
  "CDKTF_OUTDIR",
  "CDKTF_OUTPUT",
  "OLYMPUS_CSR_DIR",
  "OLYMPUS_IMAGE_LOCK",
  "OLYMPUS_STATE_DIR",
];

async function run(copy: string, entry: string): Promise<string> {
  const { exitCode, stdout, stderr } = await execa(process.execPath, ["scripts/run.mjs", entry], {
    cwd: copy,
    env: childEnvironment(Object.fromEntries(ELSEWHERE.map((name) => [name, undefined]))),
    extendEnv: false,
    reject: false,
  });
  if (exitCode === 0) return stdout;
  throw new Failure(
    `${stderr.trim()}\n\nThat is what these answers lead to, in a copy: the checkout is as it was. docs/runbooks/init.md says what to do.`,
  );
}
