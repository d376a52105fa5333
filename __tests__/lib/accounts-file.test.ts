import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execaSync } from "execa";
import { afterAll, afterEach, expect, test, vi } from "vitest";
import { readAccounts, takeAccounts } from "../../lib/accounts-file.ts";
import { childEnvironment, namedVariable, reachesRealClouds, tokensAtHand } from "../../lib/process-env.ts";

const folder = mkdtempSync(join(tmpdir(), "olympus-accounts-"));
const file = join(folder, "accounts.env");
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => vi.unstubAllEnvs());
const write = (text: string, mode = 0o600): void => {
  writeFileSync(file, text);
  chmodSync(file, mode);
};

const TEXT = `# Hetzner
export HCLOUD_TOKEN_STAGING=abc

  SMTP_CONNECTION_URI_PROD='smtp://a:b@c:587/?x=1'
CERTIFICATE_PROD='-----BEGIN
line $HOME
END-----'
EMPTY=
QUOTED="a b"
`;

test("the file says to the program what it says to a shell that sources it", () => {
  const read = readAccounts(file, TEXT);
  expect(Object.keys(read)).toHaveLength(5);
  write(TEXT);
  for (const [name, value] of Object.entries(read)) {
    const script = `. "$1"; printf '%s' "$${name}"`;
    expect(execaSync("sh", ["-c", script, "sh", file]).stdout, name).toBe(value);
  }
});

test.each([
  ["a value that a shell would run", "A=1\nB=$(id)", 2],
  ["a value with blanks", "B=a b", 1],
  ["two commands", "B=a; id", 1],
  ["a command", "echo secret", 1],
  ["a quote that is not closed", "A=1\nB='secret\nmore", 2],
])("%s is refused by its line, without a word of it", (_, text, line) => {
  expect(() => readAccounts(file, text)).toThrow(`${file}, line ${line}: write NAME=value`);
  expect(() => readAccounts(file, text)).not.toThrow(/secret|id\b/);
});

test("what the shell exports counts more, and a file that others may read is refused", () => {
  vi.stubEnv("OLYMPUS_TEST_ONE", "of the shell");
  vi.stubEnv("OLYMPUS_TEST_TWO", "");
  write("OLYMPUS_TEST_ONE=1\nOLYMPUS_TEST_TWO=2\n", 0o640);
  expect(() => takeAccounts(file)).toThrow("has mode 0640");
  expect(namedVariable("OLYMPUS_TEST_TWO")).toBeUndefined();
  chmodSync(file, 0o600);
  takeAccounts(file);
  expect(["ONE", "TWO"].map((name) => namedVariable(`OLYMPUS_TEST_${name}`))).toEqual(["of the shell", "2"]);
  expect(childEnvironment().OLYMPUS_TEST_TWO, "what is started inherits none").toBe("");
});

test("tokens at hand are known to the synth, which gets none: it refuses the example's values", () => {
  vi.stubEnv("HCLOUD_ENDPOINT", "");
  vi.stubEnv("OLYMPUS_TOKENS_AT_HAND", "");
  expect(tokensAtHand()).toEqual({});
  write("HCLOUD_TOKEN_STAGING=abc\n");
  takeAccounts(file);
  expect([tokensAtHand(), reachesRealClouds()]).toEqual([{ OLYMPUS_TOKENS_AT_HAND: "1" }, true]);
  expect(childEnvironment().HCLOUD_TOKEN_STAGING).toBeUndefined();
});

test("a shell of the sandbox gets none of them", () => {
  vi.stubEnv("HCLOUD_ENDPOINT", "http://127.0.0.1:1/v1");
  vi.stubEnv("CLOUDFLARE_BASE_URL", "http://127.0.0.1:2/client/v4");
  write("OLYMPUS_TEST_THREE=3\n");
  takeAccounts(file);
  expect(namedVariable("OLYMPUS_TEST_THREE")).toBeUndefined();
});
