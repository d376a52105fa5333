import { createPrivateKey, X509Certificate } from "node:crypto";
import type { AddressInfo } from "node:net";
import { connect, createServer } from "node:tls";
import { expect, test } from "vitest";
import {
  type CertifiedKey,
  inDays,
  issue,
  newAuthority,
  newRequestAndKey,
  readRequest,
  signRequest,
} from "../../lib/x509.ts";

const validity = { notBefore: inDays(-1), notAfter: inDays(30) };
const authority = (more = {}) => newAuthority({ ...validity, subject: "O=Test, CN=Authority", ...more });
const serverFor = (...hostnames: string[]) => ({
  ...validity,
  subject: "CN=server",
  hostnames,
  usages: ["serverAuth"] as const,
});

/** What a client that trusts `ca` alone says of a server that shows `pair`. */
async function handshake({ certificate, private_key }: CertifiedKey, ca: string, servername: string) {
  const server = createServer({ key: private_key, cert: certificate }).listen(0, "127.0.0.1");
  await new Promise((listening) => server.once("listening", listening));
  const { port } = server.address() as AddressInfo;
  const answer = await new Promise<string>((done) => {
    const socket = connect({ port, host: "127.0.0.1", servername, ca }, () => done("accepted"));
    socket.on("error", (error: NodeJS.ErrnoException) =>
      done(error.code === "UNSPECIFIED" ? error.message : String(error.code)),
    );
  });
  server.close();
  return answer;
}

test.each(["ec", "rsa"] as const)(
  "an authority with %s keys is believed, for the issued names only",
  async (keys) => {
    const ca = await authority({ keys });
    const pair = await issue(ca, serverFor("a.example", "*.b.example"));
    expect(createPrivateKey(pair.private_key).asymmetricKeyType).toBe(keys);
    expect(await handshake(pair, ca.certificate, "a.example")).toBe("accepted");
    expect(await handshake(pair, ca.certificate, "x.b.example")).toBe("accepted");
    expect(await handshake(pair, ca.certificate, "c.example")).toBe("ERR_TLS_CERT_ALTNAME_INVALID");
    expect(await handshake(pair, (await authority({ keys })).certificate, "a.example")).not.toBe("accepted");
  },
);

test("an authority within a domain is believed for no other", async () => {
  const ca = await authority({ within: "localhost" });
  const inside = await issue(ca, serverFor("ciam.olympus.localhost"));
  const outside = await issue(ca, serverFor("example.com"));
  expect(await handshake(inside, ca.certificate, "ciam.olympus.localhost")).toBe("accepted");
  expect(await handshake(outside, ca.certificate, "example.com")).toBe("permitted subtree violation");
});

test("a certificate is no authority, has its dates and a serial of its own", async () => {
  const ca = await authority();
  const [one, two] = [await issue(ca, serverFor("a.example")), await issue(ca, serverFor("a.example"))];
  const [first, second] = [new X509Certificate(one.certificate), new X509Certificate(two.certificate)];
  expect([first.ca, new X509Certificate(ca.certificate).ca]).toEqual([false, true]);
  expect(Math.abs(Date.parse(first.validTo) - validity.notAfter.getTime())).toBeLessThan(1000);
  expect(first.serialNumber).not.toBe(second.serialNumber);
  expect(first.keyUsage).toEqual(["1.3.6.1.5.5.7.3.1"]);
});

test("the key of a request is signed, under the names that were ordered", async () => {
  const ca = await authority();
  const { request, private_key } = await newRequestAndKey("CN=ignored.example");
  const read = await readRequest(request);
  if (!read) throw new Error("the request cannot be read");
  const certificate = await signRequest(ca, read, serverFor("a.example"));
  expect(await handshake({ certificate, private_key }, ca.certificate, "a.example")).toBe("accepted");
  expect(new X509Certificate(certificate).checkHost("ignored.example", { subject: "never" })).toBeUndefined();
});

test("a request with a foreign signature is none", async () => {
  const [a, b] = [await newRequestAndKey("CN=a.example"), await newRequestAndKey("CN=b.example")];
  const body = (pem: string) => Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ""), "base64");
  const [one, other] = [body(a.request), body(b.request)];
  // The same length of everything before the signature: the names are as long.
  const forged = Buffer.concat([one.subarray(0, one.length - 40), other.subarray(-40)]);
  const pem = `-----BEGIN CERTIFICATE REQUEST-----\n${forged.toString("base64")}\n-----END CERTIFICATE REQUEST-----`;
  expect(await readRequest(a.request)).toBeDefined();
  expect(await readRequest(pem)).toBeUndefined();
  expect(await readRequest("no PEM")).toBeUndefined();
});
