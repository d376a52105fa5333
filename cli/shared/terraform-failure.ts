import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "../../lib/failure.ts";
import { writeAtomically } from "../../lib/files.ts";
import { keptDirectory } from "../../lib/process-env.ts";

/** What a failing Terraform says, and the row of docs/runbooks/provision.md, "When it fails", that says what to do. */
export const KNOWN: readonly { readonly says: RegExp; readonly row: string }[] = [
  { says: /resource_unavailable/, row: "resource_unavailable" },
  { says: /uniqueness_error|\b8105[3478]\b/, row: "uniqueness_error" },
  { says: /resource_limit_exceeded/, row: "resource_limit_exceeded" },
  { says: /Provider dependency changes detected/, row: "Provider dependency changes detected" },
  {
    says: /XAmzContentSHA256Mismatch|acquiring the state lock[\s\S]*StatusCode: 400/,
    row: "XAmzContentSHA256Mismatch",
  },
  { says: /Error acquiring the state lock|ConditionalRequestConflict|PreconditionFailed/, row: "state lock" },
  {
    says: /No valid credential sources|failed to get shared config profile/,
    row: "No valid credential sources",
  },
  { says: /NoSuchBucket|S3 bucket .* does not exist/, row: "NoSuchBucket" },
  { says: /StatusCode: 403|AccessDenied|InvalidAccessKeyId|SignatureDoesNotMatch/, row: "AccessDenied" },
  {
    says: /\bunauthorized\b|unable to authenticate|Invalid (access|API) [Tt]oken|Authentication error|\b(9109|10000)\b/,
    row: "unauthorized",
  },
  { says: /Instance cannot be destroyed/, row: "Instance cannot be destroyed" },
  {
    says: /no such host|connection refused|i\/o timeout|TLS handshake timeout|context deadline exceeded/,
    row: "no such host",
  },
];

const RUNBOOK = "docs/runbooks/provision.md#when-it-fails";
const LONGEST = 40;

/** The errors of a Terraform run, without what it said before them; all of it where no error stands out. */
export function errorsOf(output: string): string {
  const plain = output.replaceAll(/^[╷│╵] ?/gm, "");
  const first = plain.search(/^Error: /m);
  const lines = (first < 0 ? plain : plain.slice(first))
    .trim()
    .split("\n")
    .map((line) => line.trimEnd());
  const text = lines.filter((line, at) => line || lines[at - 1]);
  return text.length > LONGEST ? ["...", ...text.slice(-LONGEST)].join("\n") : text.join("\n");
}

/**
 * A run of Terraform that failed, for a person: its errors, then where all that it said lies, then the row of the runbook.
 * `what`: how it ended, `staging: terraform apply failed.`
 */
export function terraformFailure(stack: string, what: string, output: string): Failure {
  const errors = errorsOf(output);
  const known = KNOWN.find(({ says }) => says.test(errors));
  const log = errors === output.trim() ? undefined : keepLog(stack, output);
  return new Failure(
    [
      errors,
      `${stack}: ${what}`,
      ...(log ? [`All that Terraform said: ${log}`] : []),
      ...(known ? [`What to do: ${RUNBOOK}, row "${known.row}"`] : []),
    ].join("\n"),
  );
}

/** Ids and addresses are in it: it is nobody's but this user's. Undefined where it cannot be kept. */
function keepLog(stack: string, output: string): string | undefined {
  try {
    mkdirSync(keptDirectory(), { recursive: true, mode: 0o700 });
    const file = join(keptDirectory(), `terraform-${stack}.log`);
    writeAtomically(file, output, 0o600);
    return file;
  } catch {
    return undefined;
  }
}
