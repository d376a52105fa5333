import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import type { Problem } from "../config/problems.ts";
import { sealedDirectory } from "../config/process-env.ts";

/** Ways in which a value comes to be. `optional` is `manual`, and `off` where nobody gives it. */
const GENERATORS = [
  ...["hex16", "hex32", "base64-32", "base64url-24"],
  ...["postgres-ca", "postgres-server", "cloudflare-origin-ca", "origin-key", "manual", "optional"],
] as const;

const secretKey = z.strictObject({
  key: z.string().regex(/^[A-Z][A-Z0-9_]*$/),
  /** A regular expression that the whole value has to match. */
  pattern: z.string(),
  generator: z.enum(GENERATORS),
  consumers: z.array(z.string()).min(1),
  rotation: z.string(),
  /** `secrets.env`, or the path and mode of a file on the host. */
  delivery: z.string().regex(/^(secrets\.env|\/opt\/olympus\/config\/[\w./-]+ 0[0-7]{3})$/),
  meaning: z.string(),
});
export type SecretKey = z.infer<typeof secretKey>;

const LIST = join("host", "files", "secrets.keys.yaml");
let list: readonly SecretKey[] | undefined;

/** Every secret that an environment has, as host/files/secrets.keys.yaml lists them. Read once. */
export function secretKeys(): readonly SecretKey[] {
  list ??= z.array(secretKey).parse(parse(readFileSync(LIST, "utf8")));
  return list;
}

/** What fingerprints are made with. Beside the secrets in every file, the same in all, and never on a host. */
export const FINGERPRINT_KEY = "fingerprint_key";
/** One entry for each value that environments must not share. sops leaves it readable for its suffix, and signs it. */
export const FINGERPRINTS = "fingerprints_unencrypted";

/** An environment's encrypted secrets, from the root of the checkout. */
export const secretsPath = (environment: string): string =>
  join(sealedDirectory(), "secrets", `${environment}.yaml`);

/** Text of an environment's encrypted file; undefined before `olympus secrets init`. */
export const encryptedFile = (environment: string): string | undefined =>
  existsSync(secretsPath(environment)) ? readFileSync(secretsPath(environment), "utf8") : undefined;

const encryptedValue = z.string().startsWith("ENC[AES256_GCM,");
const encrypted = z.looseObject({
  sops: z.looseObject({ mac: encryptedValue, age: z.array(z.unknown()).min(1) }),
  [FINGERPRINTS]: z.record(z.string(), z.string().regex(/^[0-9a-f]{32}$/)),
});

/** The parts of an encrypted file that anybody can read; undefined when sops did not write it. */
function readable(text: string) {
  try {
    const { sops: _, [FINGERPRINTS]: fingerprints, ...values } = encrypted.parse(parse(text));
    return { fingerprints, values };
  } catch {
    return undefined;
  }
}

/**
 * What is wrong with the encrypted files of all environments, seen without decrypting: a key too many or too few, a
 * value in clear, a value that two places share. Pure: `files` holds the text of each, undefined where there is none.
 * When no environment has a file, there is nothing to say yet.
 */
export function secretKeyProblems(
  files: Readonly<Record<string, string | undefined>>,
  keys: readonly SecretKey[] = secretKeys(),
): Problem[] {
  const there = Object.entries(files).filter((e): e is [string, string] => e[1] !== undefined);
  if (!there.length) return [];
  const absent = Object.keys(files).filter((name) => files[name] === undefined);
  return [
    ...absent.map((name) =>
      problem(
        name,
        "(file)",
        "nothing",
        "a file for each environment once one has one",
        `run \`npx olympus secrets init ${name}\``,
      ),
    ),
    ...there.flatMap(([name, text]) => fileProblems(name, text, keys)),
    ...sharedProblems(there),
  ];
}

const problem = (environment: string, path: string, value: string, allowed: string, remedy: string) => ({
  ...{ file: secretsPath(environment), path, value, allowed, remedy },
});

function fileProblems(name: string, text: string, keys: readonly SecretKey[]): Problem[] {
  const found = readable(text);
  if (!found)
    return [
      problem(
        name,
        "(file)",
        "no file of sops' with fingerprints",
        "what `olympus secrets` writes",
        `restore it from git, or move it away and run \`npx olympus secrets init ${name}\``,
      ),
    ];
  const expected = [...keys.map(({ key }) => key), FINGERPRINT_KEY];
  const edit = `\`npx olympus secrets edit ${name}\``;
  const unknown = Object.keys(found.values).filter((key) => !expected.includes(key));
  const clear = expected.filter((key) => key in found.values && !isEncrypted(found.values[key]));
  const unprinted = keys.filter(
    ({ key, generator }) =>
      /^(hex|base64)/.test(generator) &&
      key in found.values &&
      !Object.keys(found.fingerprints).some((label) => label.startsWith(key)),
  );
  return [
    ...expected
      .filter((key) => !(key in found.values))
      .map((key) =>
        problem(name, key, "nothing", "an encrypted value", `run \`npx olympus secrets init ${name}\``),
      ),
    ...unknown.map((key) =>
      problem(name, key, "an unknown key", `the keys of ${LIST}`, `take it out with ${edit}`),
    ),
    ...clear.map((key) =>
      problem(
        name,
        key,
        "a value in clear",
        "an encrypted value",
        `it is no secret any more: rotate it, then ${edit}`,
      ),
    ),
    ...unprinted.map(({ key }) =>
      problem(name, key, "no fingerprint", "one for each value", `run ${edit} and save`),
    ),
  ];
}

const isEncrypted = (value: unknown): boolean => encryptedValue.safeParse(value).success;

/** Fingerprints that occur twice, and files whose fingerprints cannot be compared. */
function sharedProblems(files: readonly (readonly [string, string])[]): Problem[] {
  const places = files.flatMap(([name, text]) =>
    Object.entries(readable(text)?.fingerprints ?? {}).map(([label, print]) => ({ name, label, print })),
  );
  const [first, ...others] = places.filter(({ label }) => label === FINGERPRINT_KEY);
  const incomparable = others.filter(({ print }) => print !== first?.print);
  const values = places.filter(({ label }) => label !== FINGERPRINT_KEY);
  const seen = new Map<string, string>();
  const shared = values.flatMap(({ name, label, print }) => {
    const earlier = seen.get(print);
    seen.set(print, earlier ?? `${label} of ${name}`);
    const remedy = "rotate one of them: what one environment leaks must open nothing else";
    return earlier ? [problem(name, label, `the value of ${earlier}`, "a value of its own", remedy)] : [];
  });
  return [
    ...incomparable.map(({ name }) =>
      problem(
        name,
        FINGERPRINT_KEY,
        `another than ${first?.name}'s`,
        "one for all",
        "copy it with `sops edit`",
      ),
    ),
    ...shared,
  ];
}
