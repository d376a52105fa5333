import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { createSmokeClient } from "../../../cli/smoke/client.ts";
import { inDays, issue } from "../../../lib/x509.ts";
import { testAuthority } from "../../support/certificates.ts";

const HOST = "login.example";
let server: Server;
afterEach(() => server.close());

/** Answers as many requests of each connection and then drops one that it has read; how many came is `seen`. */
async function serverThatDropsAfter(requests: number) {
  const authority = await testAuthority();
  const made = await issue(authority, {
    ...{ subject: `CN=${HOST}`, notBefore: inDays(-1), notAfter: inDays(1) },
    ...{ hostnames: [HOST], usages: ["serverAuth"] as const },
  });
  const seen: string[] = [];
  const served = new WeakMap<object, number>();
  server = createServer({ cert: made.certificate, key: made.private_key }, (request, response) => {
    const before = served.get(request.socket) ?? 0;
    served.set(request.socket, before + 1);
    seen.push(request.method ?? "");
    if (before >= requests) request.socket.destroy();
    else response.end("well");
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const route = {
    ...{ address: "127.0.0.1", port: (server.address() as AddressInfo).port },
    ca: authority.certificate,
  };
  return { seen, client: createSmokeClient(route, [HOST], AbortSignal.timeout(10_000)) };
}
const post = { method: "POST", body: "a=1" } as const;

test("a kept connection that ends as it is used again is no failure: the request goes on a new one", async () => {
  const { client, seen } = await serverThatDropsAfter(1);
  for (const _ of ["new", "kept"]) expect((await client.send(`https://${HOST}/`, post)).body).toBe("well");
  expect(seen).toEqual(["POST", "POST", "POST"]);
  client.close();
});

test("a new connection that ends without an answer is a failure, and nothing is sent again", async () => {
  const { client, seen } = await serverThatDropsAfter(0);
  await expect(client.send(`https://${HOST}/`, post)).rejects.toThrow("socket hang up");
  expect(seen).toEqual(["POST"]);
  client.close();
});
