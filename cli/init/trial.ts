import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { Failure } from "../../lib/failure.ts";
import { parsedJson } from "../../lib/json.ts";
import { runInCopy } from "../shared/program-copy.ts";
import type { Answers } from "./answers.ts";
import type { FileChange } from "./file-change.ts";

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
    if (!isDeepStrictEqual(said, plain(answers)))
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

async function run(copy: string, entry: string): Promise<string> {
  const { ended, stdout, stderr } = await runInCopy(copy, entry);
  if (ended) return stdout;
  throw new Failure(
    `${stderr.trim()}\n\nThat is what these answers lead to, in a copy: the checkout is as it was. docs/runbooks/init.md says what to do.`,
  );
}
