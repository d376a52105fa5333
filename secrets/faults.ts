/** What an environment's encrypted file of secrets shows to somebody without a key. */
export interface EncryptedContents {
  /** Whether each value is encrypted, by key. */
  readonly values: Readonly<Record<string, boolean>>;
  /** Of what no two environments may share, by label: equal fingerprints mean an equal value. */
  readonly fingerprints: Readonly<Record<string, string>>;
  /** The same in two files whose fingerprints were made with the same key, and can be compared. */
  readonly mark: string;
}

/** `foreign` is a file that sops did not write; undefined stands for none. */
export type EncryptedFile = EncryptedContents | "foreign" | undefined;
/** The files by the name of their environment. */
export type EncryptedFiles = Readonly<Record<string, EncryptedFile>>;

/** A key that every file must have. */
export interface RequiredKey {
  readonly key: string;
  /** Its value is no other's by the way it is made, so that a fingerprint must be there. */
  readonly unique: boolean;
}

/** What is known of all environments' secrets without a key. */
export interface EncryptedSecrets {
  readonly files: EncryptedFiles;
  readonly keys: readonly RequiredKey[];
}

/** Something wrong with one file. Says nothing about a value. */
export interface SecretFault {
  readonly environment: string;
  /** A key, a label of a fingerprint, or {@link ENTIRE_FILE}. */
  readonly key: string;
  readonly found: string;
  readonly remedy: string;
}

export const ENTIRE_FILE = "(file)";

/**
 * What is wrong with the encrypted files of all environments, seen without decrypting: a key too many or too few, a value
 * in clear, a value that two places share. While no environment has a file, there is nothing to say.
 */
export function secretFaults({ files, keys }: EncryptedSecrets): SecretFault[] {
  const all = Object.entries(files);
  if (all.every(([, file]) => file === undefined)) return [];
  return [...all.flatMap(([name, file]) => faultsOf(name, file, keys)), ...sharedFaults(all)];
}

function faultsOf(environment: string, file: EncryptedFile, keys: readonly RequiredKey[]): SecretFault[] {
  const fault = (key: string, found: string, remedy: string) => ({ environment, key, found, remedy });
  const [init, edit] = ["init", "edit"].map((verb) => `\`./olympus secrets ${verb} ${environment}\``);
  if (file === undefined)
    return [fault(ENTIRE_FILE, "it is missing, and another environment has one", `run ${init}`)];
  if (file === "foreign")
    return [
      fault(
        ENTIRE_FILE,
        "not a sops file with fingerprints",
        `restore it from git, or move it away and run ${init}`,
      ),
    ];
  const expected = keys.map(({ key }) => key);
  const has = (key: string) => Object.hasOwn(file.values, key);
  const labels = Object.keys(file.fingerprints);
  return [
    ...expected.filter((key) => !has(key)).map((key) => fault(key, "the key is missing", `run ${init}`)),
    ...Object.keys(file.values)
      .filter((key) => !expected.includes(key))
      .map((key) => fault(key, "no service uses this key", `remove it with ${edit}`)),
    ...expected
      .filter((key) => has(key) && !file.values[key])
      .map((key) => fault(key, "a plaintext value", `it is no longer secret: rotate it, then ${edit}`)),
    ...keys
      .filter(({ key, unique }) => unique && has(key) && !labels.some((label) => isOf(label, key)))
      .map(({ key }) => fault(key, "its value has no fingerprint", `run ${edit} and save`)),
  ];
}

/** A list has a label for each of its parts: `KEY`, or `KEY 1` and `KEY 2`. */
const isOf = (label: string, key: string): boolean => label === key || label.startsWith(`${key} `);

/** Fingerprints that occur twice, and files whose fingerprints cannot be compared. */
function sharedFaults(files: readonly (readonly [string, EncryptedFile])[]): SecretFault[] {
  const sealed = files.flatMap(([environment, file]) =>
    typeof file === "object" ? [{ environment, ...file }] : [],
  );
  const [first] = sealed;
  const seen = new Map<string, string>();
  const shared = sealed
    .flatMap(({ environment, fingerprints }) =>
      Object.entries(fingerprints).map(([key, print]) => ({ environment, key, print })),
    )
    .flatMap(({ environment, key, print }) => {
      const earlier = seen.get(print);
      seen.set(print, earlier ?? `${key} of ${environment}`);
      const remedy = "rotate one of them: what one environment leaks must open nothing else";
      return earlier ? [{ environment, key, found: `the value of ${earlier}`, remedy }] : [];
    });
  const incomparable = sealed
    .filter(({ mark }) => mark !== first?.mark)
    .map(({ environment }) => ({
      environment,
      key: ENTIRE_FILE,
      found: `fingerprints of another key than ${first?.environment}'s`,
      remedy: "copy fingerprint_key from there with `sops edit`, then run `./olympus secrets edit` and save",
    }));
  return [...incomparable, ...shared];
}
