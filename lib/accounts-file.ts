import { existsSync, readFileSync, statSync } from "node:fs";
import { Failure } from "./failure.ts";
import { requirePrivate } from "./private-file.ts";
import { accountsPath, isSandboxShell, takeVariables } from "./process-env.ts";

/** `NAME=value`, `export NAME='value'`: what a shell that sources the file reads the same; nothing that it would run. */
const LINE = /^(?:export +)?([A-Z][A-Z0-9_]*)=(?:'([^']*)'|"([^"$`\\]*)"|([^\s'"$`\\;&|<>()]*))$/;

/**
 * Takes the tokens and keys that a person keeps in one private file: what their shell exports counts more, and no program that is started
 * inherits them. A shell of the sandbox has its own, and gets none of these. Throws a {@link Failure} where others may read the file.
 */
export function takeAccounts(path = accountsPath()): void {
  if (isSandboxShell() || !existsSync(path) || !statSync(path).isFile()) return;
  requirePrivate(path);
  takeVariables(readAccounts(path, readFileSync(path, "utf8")));
}

/** The variables of such a file. A value may have several lines between its quotes. */
export function readAccounts(path: string, text: string): Record<string, string> {
  const found: Record<string, string> = {};
  let [statement, begin] = ["", 0];
  text.split("\n").forEach((line, i) => {
    if (!statement && /^\s*(#.*)?$/.test(line)) return;
    begin = statement ? begin : i + 1;
    statement += statement ? `\n${line}` : line.trim();
    // Of a certificate: its quote is closed on a later line.
    if ((statement.match(/'/g) ?? []).length === 1) return;
    const [, name, ...values] = LINE.exec(statement) ?? [];
    if (name === undefined) throw malformed(path, begin);
    found[name] = values.find((value) => value !== undefined) ?? "";
    statement = "";
  });
  if (statement) throw malformed(path, begin);
  return found;
}

/** By its number alone: the line may hold a secret. */
const malformed = (path: string, line: number): Failure =>
  new Failure(
    `${path}, line ${line}: write NAME=value, and a value with blanks or lines of its own between single quotes. Nothing was done.`,
  );
