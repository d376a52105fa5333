import { describe, expect, test } from "vitest";
import { fingerprints } from "../../../cli/secrets/fingerprints.ts";
import { FINGERPRINT_KEY } from "../../../secrets/secret-keys.ts";
import { generated } from "../../secrets/values.ts";

const KEY = "0".repeat(64);
const prints = (values: Record<string, string>) => {
  const { [FINGERPRINT_KEY]: _, ...rest } = fingerprints(values, KEY);
  return Object.values(rest);
};
/** Whether the fingerprints of two environments show that they share something. */
const shared = (a: Record<string, string>, b: Record<string, string>) =>
  prints(a).some((print) => prints(b).includes(print));

describe("what two environments share shows", () => {
  const google = (client_id: string, client_secret: string) =>
    JSON.stringify([{ id: "google", provider: "google", client_id, client_secret, mapper_url: "m" }]);
  test.each([
    ["a value", { A: "abc" }, { A: "abc" }],
    ["a value under another key", { A: "abc" }, { B: "abc" }],
    ["a value behind a rotation", { A: "abc" }, { A: "new,abc" }],
    ["a password at another relay", { S: "smtp://u:pw@a.test:587/" }, { S: "smtps://v:pw@b.test:465/?x=1" }],
    ["a client secret", { CIAM_OIDC_PROVIDERS: google("a", "s") }, { CIAM_OIDC_PROVIDERS: google("b", "s") }],
  ])("%s", (_, a, b) => {
    expect(shared(a, b)).toBe(true);
  });

  test.each([
    ["other values", { A: "abc" }, { A: "abd" }],
    ["what is off", { A: "off", B: "[]" }, { A: "off", B: "[]" }],
    ["what is still to come", { A: "pending" }, { A: "pending" }],
    ["Mailpit, which wants no password", { S: "smtp://mailpit:1025/" }, { S: "smtp://mailpit:1025/" }],
    [
      "a certificate, which everybody may see",
      { C: generated.POSTGRES_TLS_CA ?? "" },
      { C: generated.POSTGRES_TLS_CA ?? "" },
    ],
  ])("and nothing shows for %s", (_, a, b) => {
    expect(shared(a, b)).toBe(false);
  });
});

test("a fingerprint holds nothing of its value and means nothing without the key", () => {
  const value = generated.ENCRYPTION_KEY ?? "";
  expect(fingerprints({ A: value }, KEY).A).toMatch(/^[0-9a-f]{32}$/);
  expect(fingerprints({ A: value }, KEY).A).not.toBe(fingerprints({ A: value }, "1".repeat(64)).A);
});
