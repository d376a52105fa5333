import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { errorsOf, KNOWN, terraformFailure } from "../../../cli/shared/terraform-failure.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "olympus-kept-"));
  vi.stubEnv("XDG_STATE_HOME", folder);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

const BOXED = `hcloud_server.server[0]: Creating...
╷
│ Error: error during placement (resource_unavailable)
│ 
│   with hcloud_server.server[0],
│   on cdk.tf.json line 1:
╵
`;

describe("the errors of a Terraform run", () => {
  test("stand alone, without the frame and what was said before", () => {
    expect(errorsOf(BOXED)).toBe(
      "Error: error during placement (resource_unavailable)\n\n  with hcloud_server.server[0],\n  on cdk.tf.json line 1:",
    );
  });

  test("of what has none is all that there is", () => {
    expect(errorsOf("killed\n")).toBe("killed");
  });

  test("are never longer than a screen", () => {
    expect(errorsOf(`Error: a\n${"line\n".repeat(700)}the end`).split("\n")).toHaveLength(41);
  });
});

describe("a run that failed", () => {
  test("ends with its stack, where the rest lies and what to do", () => {
    const { message } = terraformFailure("staging", "terraform apply failed.", BOXED);
    const log = join(folder, "olympus-infra/terraform-staging.log");
    expect(message.split("\n").slice(-3)).toEqual([
      "staging: terraform apply failed.",
      `All that Terraform said: ${log}`,
      'What to do: docs/runbooks/provision.md#when-it-fails, row "resource_unavailable"',
    ]);
    expect(readFileSync(log, "utf8")).toBe(BOXED);
    expect(statSync(log).mode & 0o777).toBe(0o600);
  });

  test("names no row that it does not know, and no file that adds nothing", () => {
    const { message } = terraformFailure("staging", "terraform init failed.", "Error: something else");
    expect(message).toBe("Error: something else\nstaging: terraform init failed.");
  });
});

// One sentence of each kind, as Terraform, its S3 backend and the providers word it.
const SAID: readonly (readonly [row: string, said: string])[] = [
  ["resource_unavailable", "error during placement (resource_unavailable, 5a3f)"],
  ["uniqueness_error", "server name is already used (uniqueness_error)"],
  [
    "uniqueness_error",
    'failed to make http request: POST "…": 400 {"errors":[{"code":81058,"message":"An identical record already exists."}]}',
  ],
  ["resource_limit_exceeded", "server limit reached (resource_limit_exceeded)"],
  ["Provider dependency changes detected", "Provider dependency changes detected"],
  [
    "XAmzContentSHA256Mismatch",
    "Error acquiring the state lock\n\nError message: operation error S3: PutObject, https response error StatusCode: 400",
  ],
  [
    "state lock",
    "Error acquiring the state lock\n\nError message: operation error S3: PutObject, https response error StatusCode: 412, api error PreconditionFailed",
  ],
  ["No valid credential sources", "No valid credential sources found"],
  ["NoSuchBucket", "api error NoSuchBucket: The specified bucket does not exist"],
  [
    "AccessDenied",
    "operation error S3: ListObjectsV2, https response error StatusCode: 403, api error AccessDenied: Access Denied",
  ],
  ["unauthorized", "the token you provided is invalid (unauthorized, 5a3f)"],
  [
    "AccessDenied",
    "https response error StatusCode: 403, api error InvalidAccessKeyId: The Access Key Id you provided does not exist",
  ],
  ["unauthorized", '400 Bad Request {"errors":[{"code":10000,"message":"Authentication error"}]}'],
  ["No valid credential sources", "failed to get shared config profile, olympus-staging"],
  ["no such host", "dial tcp 192.0.2.1:443: i/o timeout"],
  ["Instance cannot be destroyed", "Instance cannot be destroyed"],
  [
    "no such host",
    'Get "https://api.hetzner.cloud/v1/servers": dial tcp: lookup api.hetzner.cloud: no such host',
  ],
  ["no such host", 'Get "http://127.0.0.1:1/v1/ssh_keys": dial tcp 127.0.0.1:1: connect: connection refused'],
];

describe("the runbook", () => {
  const rows = (readFileSync("docs/runbooks/provision.md", "utf8").split("## When it fails")[1] ?? "")
    .split("\n")
    .map((line) => line.split(" | ")[0] ?? "");

  test.each(KNOWN.map(({ row }) => row))("has a row for %s", (row) => {
    expect(rows.filter((cell) => cell.includes(row))).not.toEqual([]);
  });

  test.each(SAID)("%s is what to read at: %s", (row, said) => {
    expect(terraformFailure("staging", "failed.", `Error: ${said}`).message).toContain(`row "${row}"`);
  });

  test("every known kind has been seen", () => {
    expect([...new Set(SAID.map(([row]) => row))].sort()).toEqual(KNOWN.map(({ row }) => row).sort());
  });
});
