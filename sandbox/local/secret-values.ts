import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CONFIG } from "../../host/machine-layout.ts";
import { valueFile } from "../../host/values.ts";
import { Failure } from "../../lib/failure.ts";
import { generate, isGenerated } from "../../secrets/secret-generators.ts";
import { type SecretKey, secretKeys } from "../../secrets/secret-keys.ts";
import { writeIfChanged } from "./files.ts";
import type { LocalPaths } from "./paths.ts";
import { localTrust } from "./trust.ts";

type Values = Readonly<Record<string, string>>;

/** What people or providers give elsewhere. Whatever else they would give is off here. */
const FIXED_VALUES: Values = {
  SMTP_CONNECTION_URI: "smtp://mailpit:1025/?disable_starttls=true",
  CIAM_OIDC_PROVIDERS: "[]",
};
const OFF = "off";

/**
 * Values for every key of secrets.keys.yaml: those of an earlier run, and new ones for keys that came since. Nothing of
 * any environment is used. Throws on a key that must be given and cannot be off.
 */
export async function localSecrets(places: LocalPaths, hosts: readonly string[]): Promise<Values> {
  const kept = existsSync(places.secrets) ? (JSON.parse(readFileSync(places.secrets, "utf8")) as Values) : {};
  const trust = await localTrust(places, hosts, kept);
  const known: Values = { ...FIXED_VALUES, ...kept, ...trust };
  const missing = secretKeys().filter(({ key }) => known[key] === undefined);
  const made = await generate(missing.filter(isGenerated));
  const off = Object.fromEntries(
    missing.filter((key) => !isGenerated(key)).map((key) => [key.key, offOf(key)]),
  );
  const values = Object.fromEntries(
    secretKeys().map(({ key }) => [key, known[key] ?? made[key] ?? off[key] ?? ""]),
  );
  await writeIfChanged(places.secrets, JSON.stringify(values), 0o600);
  return values;
}

function offOf({ key, pattern }: SecretKey): string {
  if (new RegExp(pattern).test(OFF)) return OFF;
  throw new Failure(
    `${key} cannot be off, and has no value on this computer: add one in sandbox/local/secret-values.ts.`,
  );
}

/** Lays the values where a machine has them. */
export async function writeSecrets({ config }: LocalPaths, values: Values): Promise<void> {
  const lines = secretKeys().filter(({ delivery }) => delivery === "secrets.env");
  const files = secretKeys().filter(({ delivery }) => delivery !== "secrets.env");
  const text = valueFile(Object.fromEntries(lines.map(({ key }) => [key, values[key] ?? ""])));
  await writeIfChanged(join(config, "secrets.env"), text, 0o600);
  for (const { key, delivery } of files) {
    const [path = "", mode = "0600"] = delivery.slice(`${CONFIG}/`.length).split(" ");
    await writeIfChanged(join(config, path), values[key] ?? "", Number.parseInt(mode, 8));
  }
}
