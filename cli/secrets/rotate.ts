import { Failure } from "../../lib/failure.ts";
import { isPostgresTls } from "../../secrets/postgres-tls-keys.ts";
import { generate, isGenerated } from "../../secrets/secret-generators.ts";
import { type SecretKey, secretKeys, secretsPath } from "../../secrets/secret-keys.ts";
import { environmentNamed } from "../shared/target.ts";
import { inspectValues } from "./findings.ts";
import { PENDING } from "./fingerprints.ts";
import { type InputOptions, promptForValue, readInputValues } from "./input-values.ts";
import { originPair } from "./origin.ts";
import { isProblem, requireSound } from "./report.ts";
import { changeSecrets, loadSecrets, textValues } from "./store.ts";

/** Rules that forbid a rotation, and what to tell the operator. */
const REFUSED: Readonly<Record<string, string>> = {
  never: "is never rotated",
  none: "is not rotated: nothing asks for it",
  "first-start": "is used once, at the first start",
};

/** Replaces one value by its rule. Values that only fit together are replaced together. */
export async function rotateSecret(name: string, key: string, options: InputOptions): Promise<void> {
  const env = environmentNamed(name);
  const rule = secretKeys().find((candidate) => candidate.key === key);
  if (!rule) throw new Failure(`${key}: no such key. host/release/secrets.keys.yaml lists them.`);
  const refused = REFUSED[rule.rotation];
  if (refused) throw new Failure(`${key} ${refused}: ${rule.meaning}.`);

  const secrets = await loadSecrets(name);
  const old = textValues(secrets.values);
  const changes = key.startsWith("ORIGIN_TLS_")
    ? await newOrigin(name)
    : await newValues(rule, old[key], await readInputValues(options));
  requireNew(changes, old);
  const changed = Object.keys(changes);
  const wrong = inspectValues({ ...secrets.values, ...changes }, env).filter(
    (finding) => isProblem(finding) && changed.includes(finding.key),
  );
  requireSound(name, wrong, "not rotated, because");
  await changeSecrets(secrets, changes);
  const consumers = secretKeys().filter((candidate) => changed.includes(candidate.key));
  console.log(`${secretsPath(name)}: ${changed.join(", ")} is new`);
  console.log(`Used by ${[...new Set(consumers.flatMap((candidate) => candidate.consumers))].join(", ")}:`);
  console.log(`./olympus secrets push ${name}: they are made of it.`);
}

/** Throws a {@link Failure} where every value is there already: nothing would be new, and a release would restart for nothing. */
export function requireNew(
  changes: Readonly<Record<string, string>>,
  old: Readonly<Record<string, string>>,
): void {
  const keys = Object.keys(changes);
  if (keys.some((key) => changes[key] !== old[key])) return;
  const [first = ""] = keys;
  throw new Failure(
    `${keys.join(", ")}: what is there already. Nothing was written.${first.startsWith("ORIGIN_TLS_") ? " A new pair: `./olympus csr <environment> --force`, a deploy, then this again." : ""}`,
  );
}

async function newValues(
  rule: SecretKey,
  old: string | undefined,
  provided: Record<string, string>,
): Promise<Record<string, string>> {
  const { key, rotation } = rule;
  const others = Object.keys(provided).filter((name) => name !== key);
  if (others.length) throw new Failure(`Only ${key} is rotated: take ${others.join(", ")} out of --from.`);
  const together = isPostgresTls(key) ? secretKeys().filter((other) => isPostgresTls(other.key)) : [rule];
  const made = isGenerated(rule) && provided[key] === undefined ? await generate(together) : {};
  const value = provided[key] ?? made[key] ?? (await promptForValue(rule));
  if (!value) throw new Failure(`${key} comes from a provider: pass it with --from <file>, - for stdin.`);
  // The first of a list is used for what is new; the others still open what is old.
  return rotation === "prepend" && old && old !== PENDING
    ? { [key]: `${value},${old}` }
    : { ...made, [key]: value };
}

async function newOrigin(name: string): Promise<Record<string, string>> {
  const pair = await originPair(environmentNamed(name));
  if (pair.ORIGIN_TLS_CERTIFICATE && pair.ORIGIN_TLS_KEY) return pair;
  throw new Failure(
    `There is no new pair: run \`./olympus csr ${name} --force\`, deploy ${name}, then this again.`,
  );
}
