import type { Environment } from "../../config/load/environment.ts";
import { environmentFile } from "../../host/environment-file.ts";
import { Failure } from "../../lib/failure.ts";
import { generate, isGenerated } from "../../secrets/secret-generators.ts";
import { encryptedFile, type SecretKey, secretKeys, secretsPath } from "../../secrets/secret-keys.ts";
import { environmentNamed } from "../shared/target.ts";
import type { SecretFinding } from "./finding.ts";
import { shapeFindings } from "./findings.ts";
import { PENDING } from "./fingerprints.ts";
import { type InputOptions, promptForValue, readInputValues, valuesOfShell } from "./input-values.ts";
import { originPair } from "./origin.ts";
import { MAILPIT_URI } from "./providers.ts";
import { describeFindings, environmentNames, inspectSecrets, requireSound } from "./report.ts";
import { ensureRule } from "./rules.ts";
import { rulesPath } from "./sops.ts";
import { changeSecrets, createSecretsFile, loadSecrets, type Secrets } from "./store.ts";

type Values = Readonly<Record<string, unknown>>;

/**
 * Makes the secrets of an environment: keeps what is there, adds what is new, fills what was still to come. `say`: where its lines go, which
 * hold names alone.
 */
export async function initSecrets(
  name: string,
  options: InputOptions,
  say: (line: string) => void = console.log,
): Promise<void> {
  const env = environmentNamed(name);
  const before = encryptedFile(name) === undefined ? undefined : await loadSecrets(name);
  const provided = await readInputValues(options);
  requireKept(name, before?.values ?? {}, provided);
  const added = await missing(env, before?.values ?? {}, provided);
  requireSound(name, malformed(name, added), "nothing was written");

  const readers = await ensureRule(name);
  if (readers.length) say(`${rulesPath()}: ${secretsPath(name)} can be read by ${readers.join(", ")}`);
  await write(name, before, added);
  say(`${secretsPath(name)}: ${Object.keys(added).length} added, ${secretKeys().length} in all`);
  const after = await loadSecrets(name);
  const findings = inspectSecrets(after, env);
  if (findings.length) say(describeFindings(findings));
}

async function write(
  name: string,
  before: Secrets | undefined,
  added: Record<string, string>,
): Promise<void> {
  if (before && Object.keys(added).length) await changeSecrets(before, added);
  const others = environmentNames().filter((other) => other !== name);
  if (!before) await createSecretsFile(name, added, others);
}

/** A value that is there is replaced by `rotate` only, which knows what that costs. */
function requireKept(name: string, values: Values, provided: Values): void {
  const other = Object.keys(provided).filter((key) => isThere(values[key]) && values[key] !== provided[key]);
  if (other.length)
    throw new Failure(
      `${secretsPath(name)} has another value already: ${other.join(", ")}. Nothing was written.\nTo replace one: ./olympus secrets rotate ${name} <key> --from <file>`,
    );
}

const isThere = (value: unknown): boolean => value !== undefined && value !== PENDING;

async function missing(env: Environment, values: Values, provided: Record<string, string>) {
  const keys = secretKeys().filter(({ key }) => !isThere(values[key]));
  const random = await generate(keys.filter((key) => isGenerated(key) && provided[key.key] === undefined));
  const known: Record<string, string> = {
    ...random,
    ...(keys.some(({ key }) => key.startsWith("ORIGIN_TLS_")) ? await originPair(env) : {}),
    ...valuesOfShell(env.name),
    ...fromConfiguration(env),
    ...provided,
  };
  const added: Record<string, string> = {};
  for (const key of keys) {
    const value =
      known[key.key] ?? ((await promptForKey(key)) || (key.generator === "optional" ? "off" : PENDING));
    if (value !== values[key.key]) added[key.key] = value;
  }
  return added;
}

/** What a person can type; a certificate has too many lines. */
const promptForKey = async (key: SecretKey): Promise<string> =>
  key.delivery === "secrets.env" ? promptForValue(key) : "";

/** Values that follow from what config/ says. */
function fromConfiguration(env: Environment): Record<string, string> {
  const plain = environmentFile(env);
  const off = ["CIAM", "IAM"].filter((side) => plain[`${side}_CAPTCHA_ENABLED`] === "false");
  return {
    ...(env.extras?.mail === "mailpit" ? { SMTP_CONNECTION_URI: MAILPIT_URI } : {}),
    ...(env.oidcProviders.length ? {} : { CIAM_OIDC_PROVIDERS: "[]" }),
    ...Object.fromEntries(off.map((side) => [`${side}_CAPTCHA_SECRET_KEY`, "off"])),
  };
}

const malformed = (name: string, added: Record<string, string>): SecretFinding[] =>
  secretKeys()
    .filter(({ key }) => added[key] !== undefined && added[key] !== PENDING)
    .flatMap((key) => shapeFindings(key, added[key.key], name));
