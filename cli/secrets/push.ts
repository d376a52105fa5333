import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CONFIG } from "../../host/machine-layout.ts";
import { valueFile } from "../../host/values.ts";
import { Failure } from "../../lib/failure.ts";
import { secretKeys } from "../../secrets/secret-keys.ts";
import { archive } from "../shared/archive.ts";
import { quote, type Remote } from "../shared/ssh.ts";
import { connectToMachine, type TargetOptions } from "../shared/target.ts";
import { allFindings } from "./check.ts";
import { describeFindings, requireSound } from "./report.ts";
import { loadSecrets, type Secrets, textValues } from "./store.ts";
import { certificateTaken, takeCertificate } from "./take-certificate.ts";

const ENV_FILE = "secrets.env";
/** The encrypted file itself, for the machine's backups: the second place that keeps it. */
const ENCRYPTED_FILE = "secrets.sops.yaml";

/** One file of secrets on the host, from {@link CONFIG}. */
interface Delivered {
  readonly path: string;
  readonly mode: number;
  readonly content: string;
}

interface PushOptions extends TargetOptions {
  readonly json?: boolean;
}

/** A release serves that can have single services made of new secrets. */
const SERVES = `systemctl is-active -q olympus.service && systemctl show olympus.service -p ExecReload --value | grep -q .`;

/**
 * Brings an environment's secrets to its machine, with the certificate that has been signed since, and says so. Whether a release
 * serves there, whose services can be made of them.
 */
export async function pushSecrets(name: string, options: PushOptions): Promise<boolean> {
  if (await takeCertificate(name)) console.error(certificateTaken(name));
  const secrets = await loadChecked(name);
  const remote = await connectToMachine(name, options);
  let serves = false;
  try {
    await deliver(secrets, remote);
    serves = (await remote.run(SERVES)).exitCode === 0;
  } finally {
    await remote.close();
  }
  const keys = secretKeys().length;
  const next = serves
    ? "Services that read what has changed are made of it now."
    : "A release starts the services with them.";
  if (!options.json) console.log(`${keys} keys are on the machine of ${name}. ${next}`);
  else if (!serves) console.log(JSON.stringify({ environment: name, keys }, null, 2));
  return serves;
}

/** Decrypts an environment's secrets and checks them. Warnings go to the operator, errors are thrown. */
export async function loadChecked(name: string): Promise<Secrets> {
  const secrets = await loadSecrets(name);
  const warnings = requireSound(name, await allFindings(name, secrets), "not pushed, because");
  if (warnings.length) console.error(describeFindings(warnings));
  return secrets;
}

/**
 * Brings secrets to their machine: decrypted in memory, through the connection's standard input, into files beside the
 * old ones that then take their place. They are on no command line and on no disk of this machine.
 */
export async function deliver({ environment, text, values }: Secrets, remote: Remote): Promise<void> {
  const files = [...delivered(textValues(values)), { path: ENCRYPTED_FILE, mode: 0o600, content: text }];
  const sum = checksum(files);
  const script = `sum=${quote(sum)}\n${readFileSync(join("cli", "secrets", "receive.sh"), "utf8")}`;
  const { exitCode, stdout, stderr } = await remote.run(script, { input: await archive(files) });
  if (exitCode !== 0)
    throw new Failure(
      `The machine of ${environment} refused the secrets and keeps its old ones.\n${stderr}`.trim(),
    );
  if (stdout.trim() !== sum)
    throw new Failure(`The machine of ${environment} does not have the keys that were sent. Push again.`);
}

/** Files of the host by what the list of keys says of their delivery. */
export function delivered(values: Readonly<Record<string, string>>): Delivered[] {
  const lines = secretKeys().filter(({ delivery }) => delivery === ENV_FILE);
  const single = secretKeys().filter(({ delivery }) => delivery !== ENV_FILE);
  const value = (key: string): string => {
    const found = values[key];
    if (found === undefined) throw new Error(`${key} has no value`);
    return found;
  };
  return [
    {
      path: ENV_FILE,
      mode: 0o600,
      content: valueFile(Object.fromEntries(lines.map(({ key }) => [key, value(key)]))),
    },
    ...single.map(({ key, delivery }) => {
      const [path = "", mode = ""] = delivery.split(" ");
      return { path: path.slice(CONFIG.length + 1), mode: Number.parseInt(mode, 8), content: value(key) };
    }),
  ];
}

/** Of names only, as receive.sh computes it: says nothing about values. */
function checksum(files: readonly Delivered[]): string {
  const names = files.flatMap(({ path, content }) =>
    path === ENV_FILE
      ? content
          .split("\n")
          .slice(0, -1)
          .map((line) => line.split("=")[0])
      : [],
  );
  const paths = files.map(({ path }) => path).sort();
  const text = [...names, ...paths].map((name) => `${name}\n`).join("");
  return createHash("sha256").update(text).digest("hex");
}
