import { existsSync, readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { text as allOf } from "node:stream/consumers";
import { parse } from "yaml";
import { z } from "zod";
import { Failure } from "../../lib/failure.ts";
import { requirePrivate } from "../../lib/private-file.ts";
import { callerDirectory, isTerminal, namedVariable } from "../../lib/process-env.ts";
import { type SecretKey, secretKeys } from "../../secrets/secret-keys.ts";
import { hiddenLine } from "../shared/prompt.ts";

/** Where the values come from that people or providers give; never from arguments, which everybody can read. */
export interface InputOptions {
  /** A YAML or JSON file of keys and values, `-` for standard input. */
  readonly from?: string;
}

/** Values of `--from`. What is no text (a list of OIDC providers) becomes JSON. Throws on a key that does not exist. */
export async function readInputValues({ from }: InputOptions): Promise<Record<string, string>> {
  if (from === undefined) return {};
  const text = from === "-" ? await allOf(process.stdin) : readPrivate(resolve(callerDirectory(), from));
  const values = z.record(z.string(), z.unknown()).safeParse(parsed(text));
  if (!values.success) throw new Failure(`${from} has no keys with values: write KEY: value, one per line.`);
  const unknown = Object.keys(values.data).filter((name) => !secretKeys().some(({ key }) => key === name));
  if (unknown.length)
    throw new Failure(
      `${from}: ${unknown.map(nameOnly).join(", ")}: no such key. host/release/secrets.keys.yaml lists them.`,
    );
  return Object.fromEntries(
    Object.entries(values.data).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
}

/** A pipe such as bash's <(…) has no mode that others could use. */
function readPrivate(file: string): string {
  if (!existsSync(file)) throw new Failure(`${file} does not exist.`);
  if (statSync(file).isFile()) requirePrivate(file);
  return readFileSync(file, "utf8");
}

/** A line that is no YAML can make a value look like a name. */
const nameOnly = (name: string): string => (/^[A-Z][A-Z0-9_]{0,63}$/.test(name) ? name : "(not a name)");

function parsed(text: string): unknown {
  try {
    return parse(text, { prettyErrors: false, logLevel: "error" });
  } catch {
    // The parser's own words repeat the line that it stumbled over.
    return undefined;
  }
}

/** Values that this shell, or the file of accounts, holds by their keys and the environment: `SMTP_CONNECTION_URI_PROD`. */
export const valuesOfShell = (environment: string): Record<string, string> =>
  Object.fromEntries(
    secretKeys().flatMap(({ key, generator }) => {
      const value = namedVariable(`${key}_${environment.replaceAll("-", "_").toUpperCase()}`);
      return value !== undefined && /^(manual|optional)$/.test(generator) ? [[key, value] as const] : [];
    }),
  );

/** Asks for one line without showing it. Empty when nobody is there to be asked, or nothing was typed. */
export const promptForValue = async ({ key, meaning, generator }: SecretKey): Promise<string> =>
  isTerminal()
    ? hiddenLine(`${key}\n  ${meaning}\n  value (Enter for ${generator === "optional" ? "off" : "later"})`)
    : "";
