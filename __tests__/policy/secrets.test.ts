import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { secretKind } from "../../policy/secrets.ts";

// Put together here, so that no scanner takes this file for a leak.
const secrets = {
  "a private key": `-----BEGIN EC ${"PRIVATE"} KEY-----\nMHcCAQEE\n-----END EC ${"PRIVATE"} KEY-----`,
  "an age identity": `AGE-SECRET-${"KEY"}-1QQQQ`,
  "a GitHub token": `ghp_${"aB3".repeat(12)}`,
  "a payment provider's key": `sk_${"live"}_51HabcdefghijK`,
  "a Slack token": `xoxb-${"1234567890"}-abc`,
  "an AWS access key": `AKIA${"ABCDEFGH12345678"}`,
  "a URL with a password": "postgres://kratos:hunter2@db:5432/kratos",
  "what looks like an API token": "aB3d".repeat(16),
};

describe("secretKind", () => {
  it.each(Object.entries(secrets))("knows %s, wherever it stands in a text", (kind, secret) => {
    expect(secretKind(secret)).toBe(kind);
    expect(secretKind(`before "${secret}" after`)).toBe(kind);
  });

  it("knows a token of either cloud among plain words", () => {
    const letters = fc.constantFrom(..."abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");
    const token = fc
      .constantFrom(40, 64)
      .chain((length) => fc.string({ unit: letters, minLength: length, maxLength: length }))
      .filter((word) => /[a-z]/.test(word) && /[A-Z]/.test(word) && /\d/.test(word));
    fc.assert(fc.property(token, (word) => secretKind(`token = ${word}`) !== undefined));
  });

  it.each([
    ["a digest", `sha256:${"0a1b".repeat(16)}`],
    ["a commit", "0a1b2".repeat(8)],
    [
      "a certificate request",
      `-----BEGIN CERTIFICATE REQUEST-----\n${"aB3d".repeat(16)}\n-----END CERTIFICATE REQUEST-----\n`,
    ],
    ["a public key", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINC6p0Yu4SEtOVLkgo8SHoLHtQNP651kIJHm2fIRJsDk ops"],
    ["a URL with a placeholder", "postgres://kratos:$PASSWORD@db/kratos"],
    ["a URL with a port", "https://example.com:8080/a@b"],
    ["a reference", "$" + "{hcloud_primary_ip.address-ipv4.ip_address}"],
  ])("takes %s for none", (_, text) => {
    expect(secretKind(text)).toBeUndefined();
  });
});
