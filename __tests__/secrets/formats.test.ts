import { X509Certificate } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { certificateFindings } from "../../cli/secrets/certificates.ts";
import { inspectValues, shapeFindings } from "../../cli/secrets/findings.ts";
import { postgresTls } from "../../secrets/postgres-tls.ts";
import { isGenerated } from "../../secrets/secret-generators.ts";
import { secretKeys } from "../../secrets/secret-keys.ts";
import { generated, key, stagingEnvironment } from "./values.ts";

const shape = (name: string, value: unknown) =>
  shapeFindings(key(name), value, "staging").map(({ found }) => found);

describe("generated values", () => {
  test.each(secretKeys().filter(isGenerated))("$key has the form that its list wants", (rule) => {
    expect(shapeFindings(rule, generated[rule.key], "staging")).toEqual([]);
  });

  test("Kratos gets a cipher of 32 characters: 31 and 64 are refused", () => {
    expect(generated.CIAM_KRATOS_SECRET_CIPHER).toHaveLength(32);
    expect(shape("CIAM_KRATOS_SECRET_CIPHER", "a".repeat(32))).toEqual([]);
    expect(shape("CIAM_KRATOS_SECRET_CIPHER", "a".repeat(31))).toHaveLength(1);
    expect(shape("CIAM_KRATOS_SECRET_CIPHER", "a".repeat(64))).toHaveLength(1);
  });

  test("ENCRYPTION_KEY is base64 of exactly 32 bytes", () => {
    expect(Buffer.from(generated.ENCRYPTION_KEY ?? "", "base64")).toHaveLength(32);
  });

  test("no two are equal", () => {
    expect(new Set(Object.values(generated)).size).toBe(Object.keys(generated).length);
  });
});

describe("hostile values", () => {
  test.each([
    ["a second line", "smtp://mailpit:1025/\nADMIN_PASSWORD=x"],
    ["a carriage return", "smtp://mailpit:1025/\r"],
    ["a null", "smtp://mailpit:1025/\0"],
    ["a letter beyond ASCII", "smtp://mailpït:1025/"],
    ["nothing", ""],
    ["no text", 42],
    ["a list", ["smtp://mailpit:1025/"]],
    ["not there", undefined],
  ])("%s is refused", (_, value) => {
    expect(shape("SMTP_CONNECTION_URI", value)).toHaveLength(1);
  });

  test("whatever is refused is not repeated", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 9 }), (text) => {
        const value = `${text}\u0001`;
        for (const rule of secretKeys())
          expect(JSON.stringify(shapeFindings(rule, value, "staging"))).not.toContain(JSON.stringify(value));
      }),
    );
  });

  test("a key that no service knows is named", () => {
    const found = inspectValues({ ...generated, STRIPE_KEY: "x" }, stagingEnvironment);
    expect(found.map((finding) => finding.key)).toContain("STRIPE_KEY");
  });

  test("Athena's session key must not be the encryption key", () => {
    const same = { ...generated, SESSION_SIGNING_KEY: generated.ENCRYPTION_KEY };
    const found = inspectValues(same, stagingEnvironment).map((finding) => finding.found);
    expect(found).toContain("it is the ENCRYPTION_KEY too");
    expect(inspectValues(generated, stagingEnvironment).map((finding) => finding.found)).not.toContain(
      "it is the ENCRYPTION_KEY too",
    );
  });
});

describe("certificates of Postgres", () => {
  const now = new Date();
  const faults = (values: Record<string, string>, at = now) =>
    certificateFindings(values, stagingEnvironment, at).map(({ found }) => found);

  test("are what Go's verify-full accepts: signed by the authority, DNS:postgres, RSA", async () => {
    const server = new X509Certificate(generated.POSTGRES_TLS_CERTIFICATE ?? "");
    expect(server.subjectAltName).toBe("DNS:postgres");
    expect(server.publicKey.asymmetricKeyType).toBe("rsa");
    expect(faults(generated)).toEqual([]);
  });

  test("are replaced as one: a part of another set does not fit", async () => {
    const other = await postgresTls();
    expect(faults({ ...generated, POSTGRES_TLS_CA: other.POSTGRES_TLS_CA })).toEqual([
      "POSTGRES_TLS_CA did not sign it",
    ]);
    expect(faults({ ...generated, POSTGRES_TLS_KEY: other.POSTGRES_TLS_KEY })).toEqual([
      "POSTGRES_TLS_KEY is the key of another certificate",
    ]);
  });

  test("warn before they end and are refused after", async () => {
    const inDays = (days: number) => new Date(now.getTime() + days * 86_400_000);
    expect(faults(generated, inDays(360))).toEqual([]);
    expect(faults(generated, inDays(370))[0]).toMatch(/^it expires in 2\d days$/);
    expect(faults(generated, inDays(400))[0]).toMatch(/^it expired on /);
  });

  test("a certificate that cannot be read is named", () => {
    const broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    expect(faults({ ORIGIN_PULL_CA_CERTIFICATE: broken })).toEqual(["not a readable certificate"]);
  });
});
