import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { requestRefusal } from "../../config/load/certificate-request.ts";
import { newRequestAndKey } from "../../lib/x509.ts";
import { fixture } from "../support/fleet/source.ts";
import { CERTIFICATE_REQUESTS } from "./certificate-requests.ts";
import { problemsOfSource } from "./changed-source.ts";

const DOMAIN = "staging.your-app.com";
const committed = readFileSync(`__tests__/support/fleet/csr/${DOMAIN}.csr`, "utf8");
const why = (pem: string, domain = DOMAIN) => requestRefusal(pem, "staging", domain)?.why;

test("what `olympus csr` makes is accepted, for its own domain alone", async () => {
  const { request: made } = await newRequestAndKey(`CN=${DOMAIN}`);
  expect([why(committed), why(made), why(`${made}\n`), why(made.replaceAll("\n", "\r\n"))]).toEqual(
    Array(4).fill(undefined),
  );
  expect(why(made, "your-app.com")).toBe(`is for ${DOMAIN}`);
});

test.each<[request: keyof typeof CERTIFICATE_REQUESTS, said: string | undefined]>([
  ["p384", undefined],
  ["hosts", undefined],
  ["others", "is for a.example, b.example"],
  ["nameless", "is for no name"],
  ["rsa", "is for a key of rsa"],
  ["p521", "is for a key of secp521r1"],
  ["ed25519", "is for a key of ed25519"],
])("a request of openssl, %s: %s", (request, said) => {
  expect(why(CERTIFICATE_REQUESTS[request])).toBe(said);
});

test.each([
  ["nothing", ""],
  ["words", "a certificate request"],
  ["a certificate's frame", committed.replaceAll("CERTIFICATE REQUEST", "CERTIFICATE")],
  ["half of it", `${committed.slice(0, 200)}\n-----END CERTIFICATE REQUEST-----`],
  [
    "words within the frame",
    "-----BEGIN CERTIFICATE REQUEST-----\nYWJj\n-----END CERTIFICATE REQUEST-----\n",
  ],
  ["two of them", `${committed}${committed}`],
])("%s is not a request", (_, pem) => {
  expect(why(pem)).toBe("is not a certificate request");
});

test("one byte changed anywhere is refused, whatever it makes of the request", () => {
  const der = Buffer.from(committed.replace(/-----.*?-----/g, ""), "base64");
  fc.assert(
    fc.property(fc.nat(der.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const changed = Buffer.from(der);
      changed[at] = (changed[at] ?? 0) ^ change;
      const pem = `-----BEGIN CERTIFICATE REQUEST-----\n${changed.toString("base64")}\n-----END CERTIFICATE REQUEST-----\n`;
      expect(why(pem)).toBeDefined();
    }),
    { numRuns: 500, seed: 1 },
  );
});

test("a wrong request is a problem of its file, with the verb that makes a right one", () => {
  const folder = mkdtempSync(join(tmpdir(), "olympus-csr-"));
  const mirror = join(folder, `${DOMAIN}.csr`);
  const source = { ...fixture, requests: folder };
  for (const domain of ["your-app.com", DOMAIN])
    writeFileSync(
      join(folder, `${domain}.csr`),
      readFileSync("__tests__/support/fleet/csr/your-app.com.csr"),
    );
  expect(problemsOfSource(source)).toMatchObject([
    {
      file: mirror,
      value: "a file that is for your-app.com",
      allowed: expect.stringContaining(DOMAIN),
      remedy: expect.stringContaining("./olympus csr staging --force"),
    },
  ]);
  writeFileSync(mirror, committed);
  expect(problemsOfSource(source)).toEqual([]);
  rmSync(folder, { recursive: true });
});
