import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { FINGERPRINT_KEY, FINGERPRINTS, secretKeys } from "../../secrets/secret-keys.ts";
import { encryptedText, SECRET } from "../secrets/encrypted-text.ts";
import { Checkout } from "../support/checkout.ts";
import { onlyAccepted } from "../support/said.ts";

let checkout: Checkout;
beforeEach(() => {
  checkout = new Checkout();
});
afterEach(() => checkout.remove());

const keys = secretKeys().map(({ key }) => key);
/** Encrypted files as sops leaves them, the staging one with `changes`. */
function writeEncryptedFiles(changes?: Record<string, unknown>, environments = ["prod", "staging"]): void {
  mkdirSync(join(checkout.root, "secrets"), { recursive: true });
  for (const name of environments)
    writeFileSync(
      join(checkout.root, "secrets", `${name}.yaml`),
      encryptedText(keys, name === "prod" ? "a" : "b", name === "prod" ? {} : changes),
    );
}

const FAULTS: [title: string, changes: Record<string, unknown>, says: RegExp][] = [
  [
    "a key that staging lacks",
    { ENCRYPTION_KEY: undefined },
    /secrets\.ENCRYPTION_KEY\n {2}prod {5}"encrypted"\n {2}staging {2}absent/,
  ],
  [
    "a key that only staging has",
    { STRIPE_KEY: SECRET },
    /secrets\.STRIPE_KEY\n {2}prod {5}absent\n {2}staging {2}"encrypted"/,
  ],
  ["a value in clear", { ENCRYPTION_KEY: "hunter2" }, /secrets\.ENCRYPTION_KEY[\s\S]*a plaintext value/],
  [
    "a value that both share",
    { [FINGERPRINTS]: { ...printsOf("b"), ENCRYPTION_KEY: printsOf("a").ENCRYPTION_KEY } },
    /the value of ENCRYPTION_KEY of prod; rotate one of them/,
  ],
];

function printsOf(mark: string): Record<string, string> {
  const { [FINGERPRINTS]: prints } = JSON.parse(encryptedText(keys, mark)) as Record<
    string,
    Record<string, string>
  >;
  return { [FINGERPRINT_KEY]: "", ...prints };
}

test.each(FAULTS)("%s is refused, named and not written", async (_, changes, says) => {
  writeEncryptedFiles(changes);
  const { exitCode, stderr } = await checkout.synth();
  expect(stderr).toMatch(says);
  expect(stderr).toContain("law      secrets");
  expect(stderr).not.toContain("hunter2");
  expect(exitCode).toBe(1);
  expect(checkout.written()).toEqual([]);
});

test("a file that only one of them has is refused", async () => {
  writeEncryptedFiles({}, ["prod"]);
  const { exitCode, stderr } = await checkout.synth();
  expect(stderr).toContain("./olympus secrets init staging");
  expect(exitCode).toBe(1);
  expect(checkout.written()).toEqual([]);
});

test("two files that fit are no reason to stop", async () => {
  writeEncryptedFiles();
  expect(await checkout.synth()).toEqual({ exitCode: 0, stderr: onlyAccepted });
  expect(checkout.written().sort()).toEqual(["cdktf.out"]);
});
