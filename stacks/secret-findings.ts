import type { ParityFinding, ParityReport } from "../parity/finding.ts";
import type { Leaf } from "../parity/json.ts";
import {
  ENTIRE_FILE,
  type EncryptedFile,
  type EncryptedSecrets,
  type SecretFault,
  secretFaults,
} from "../secrets/faults.ts";

/** The report of a mirror with what is wrong with its secrets and the reference's. */
export function withSecrets(report: ParityReport, secrets: EncryptedSecrets): ParityReport {
  const { reference, mirror } = report;
  const { files, keys } = secrets;
  const found = secretFaults(secrets).filter(({ environment }) => [reference, mirror].includes(environment));
  const compared = files[reference] !== undefined && files[mirror] !== undefined;
  return {
    ...report,
    ...(compared && { secrets: keys.length }),
    findings: [...report.findings, ...found.map((fault) => finding(fault, files[reference], files[mirror]))],
  };
}

const finding = (
  { environment, key, found, remedy }: SecretFault,
  reference: EncryptedFile,
  mirror: EncryptedFile,
): ParityFinding => ({
  law: "secrets",
  stack: environment,
  // A hostile file may hold names that a terminal would obey.
  path: key === ENTIRE_FILE ? "secrets" : `secrets.${/^[\w ]+$/.test(key) ? key : JSON.stringify(key)}`,
  reference: shownOf(reference, key),
  mirror: shownOf(mirror, key),
  causes: [],
  message: `${found}; ${remedy}`,
});

function shownOf(file: EncryptedFile, key: string): Leaf | undefined {
  if (key === ENTIRE_FILE || typeof file !== "object")
    return file && (file === "foreign" ? "a file" : "encrypted");
  const name = key.split(" ")[0] ?? key;
  return Object.hasOwn(file.values, name) ? (file.values[name] ? "encrypted" : "plaintext") : undefined;
}
