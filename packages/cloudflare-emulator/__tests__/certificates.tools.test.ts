import { X509Certificate } from "node:crypto";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { connect } from "node:tls";
import { expect, test } from "vitest";
import { z } from "zod";
import { idOf, ofOneZone, openAccount } from "./account.ts";
import { newRequest } from "./certificate-request.ts";

const order = (csr: string) => ({ csr, hostnames: ["ciam.example.com"], request_type: "origin-ecc" });

test("a server shows the certificate and a client that trusts the sandbox accepts it, for its names only", async () => {
  const { call, control } = openAccount();
  const { csr, key } = await newRequest();
  const { result } = await call("POST", "certificates", { ...order(csr), requested_validity: 90 });
  const { certificate } = z.object({ certificate: z.string() }).parse(result);
  const ca = await (await control("GET", "authority.pem")).text();
  const server = createServer({ key, cert: certificate }).listen(0, "127.0.0.1");
  await new Promise((listening) => server.once("listening", listening));
  const { port } = server.address() as AddressInfo;
  const handshake = (servername: string, trusted: string[]) =>
    new Promise<string>((done) => {
      const socket = connect({ port, host: "127.0.0.1", servername, ca: trusted }, () => {
        done("accepted");
        socket.destroy();
      });
      socket.on("error", (error: NodeJS.ErrnoException) => done(error.code ?? error.message));
    });
  expect(await handshake("ciam.example.com", [ca])).toBe("accepted");
  expect(await handshake("iam.example.com", [ca])).toBe("ERR_TLS_CERT_ALTNAME_INVALID");
  expect(await handshake("ciam.example.com", [])).toBe("UNABLE_TO_VERIFY_LEAF_SIGNATURE");
  server.close();
});

test("the authority outlives the process; a revoked certificate is gone", async () => {
  const first = openAccount();
  const { csr } = await newRequest();
  const id = idOf((await first.call("POST", "certificates", order(csr))).result);
  const pem = await (await first.control("GET", "authority.pem")).text();
  const again = openAccount({ statePath: first.statePath });
  expect(await (await again.control("GET", "authority.pem")).text()).toBe(pem);
  expect((await again.call("GET", `certificates/${id}`)).status).toBe(200);
  expect(await again.call("DELETE", `certificates/${id}`)).toMatchObject({ status: 200, result: { id } });
  expect(await again.call("GET", `certificates/${id}`)).toMatchObject({
    status: 200,
    result: { id, revoked_at: expect.stringMatching(/^\d{4}-/) },
  });
});

test("two first orders at once are signed by one authority", async () => {
  const { call, control } = openAccount();
  const { csr } = await newRequest();
  const orders = await Promise.all([1, 2, 3].map(() => call("POST", "certificates", order(csr))));
  const ca = new X509Certificate(await (await control("GET", "authority.pem")).text());
  for (const { result } of orders) {
    const { certificate } = z.object({ certificate: z.string() }).parse(result);
    expect(new X509Certificate(certificate).verify(ca.publicKey)).toBe(true);
  }
});

test.each([
  ["a foreign name", { hostnames: ["example.org"] }, "Failed to validate requested hostname example.org"],
  ["a wildcard inside", { hostnames: ["a.*.example.com"] }, "Failed to validate requested hostname"],
  ["a validity of 8 days", { requested_validity: 8 }, "Validity is one of 7, 30"],
  ["a key of another type", { request_type: "origin-rsa" }, "does not fit origin-rsa"],
  [
    "no CSR",
    { csr: "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----" },
    "The CSR",
  ],
])("refuses %s", async (_, change, words) => {
  const { call } = openAccount();
  const { csr } = await newRequest();
  const refused = await call("POST", "certificates", { ...order(csr), ...change });
  expect(refused.status).toBe(400);
  expect(refused.error?.message).toContain(words);
});

test("a token of another zone gets, reads and revokes no certificate", async () => {
  const { call } = openAccount();
  const { csr } = await newRequest();
  expect(await call("POST", "certificates", order(csr), ofOneZone)).toMatchObject({
    status: 400,
    code: 1010,
  });
  const path = `certificates/${idOf((await call("POST", "certificates", order(csr))).result)}`;
  for (const method of ["GET", "DELETE"])
    expect((await call(method, path, undefined, ofOneZone)).status).toBe(400);
  expect((await call("GET", path)).result).not.toHaveProperty("revoked_at");
});
