import { expect, test } from "vitest";
import { idOf, ofOneZone, openAccount, otherZoneId, reader, testAccountId, testZoneId } from "./account.ts";

const records = `zones/${testZoneId}/dns_records`;
const a = (name: string) => ({ type: "A", name, content: "203.0.113.1", ttl: 300 });

test("a success and a refusal have the same envelope", async () => {
  const { call } = openAccount();
  const good = await call("GET", `zones/${testZoneId}`);
  expect(good).toMatchObject({ status: 200, success: true, errors: [], messages: [] });
  const bad = await call("GET", `zones/${testZoneId}/nothing`);
  expect(bad).toMatchObject({ status: 404, success: false, result: null, messages: [] });
  expect(bad.error?.message).toContain("is not in the sandbox");
});

test("tokens: none, malformed, unknown, read-only, right", async () => {
  const { app, call } = openAccount();
  const bare = await app.request(`/client/v4/zones/${testZoneId}`);
  expect(await bare.json()).toMatchObject({ errors: [{ code: 9106 }] });
  const odd = await app.request("/client/v4/zones", { headers: { Authorization: "Token x" } });
  expect(await odd.json()).toMatchObject({ errors: [{ code: 6003, error_chain: [{ code: 6111 }] }] });
  expect(await call("GET", "zones", undefined, "wrong")).toMatchObject({ status: 403, code: 9109 });
  expect(await call("GET", "user/tokens/verify", undefined, "wrong")).toMatchObject({
    status: 401,
    code: 1000,
  });
  expect(await call("GET", "zones", undefined, reader)).toMatchObject({ status: 200 });
  expect(await call("POST", records, a("x"), reader)).toMatchObject({ status: 403, code: 10_000 });
  expect((await app.request("/client/v4/ips")).status).toBe(200);
});

test("zone ids: malformed, foreign, own", async () => {
  const { call } = openAccount();
  expect(await call("GET", "zones/example.com")).toMatchObject({ status: 404, code: 7003 });
  expect(await call("GET", `zones/${"f".repeat(32)}`)).toMatchObject({ status: 403, code: 9109 });
  expect(await call("GET", "zones?name=example.com")).toMatchObject({
    result: [{ id: testZoneId, status: "active" }],
  });
  expect(await call("GET", "zones?name=example.org")).toMatchObject({ result: [] });
});

const zones = [{ id: otherZoneId, name: "example.net", accountId: testAccountId }];

test("a token of one zone does all there", async () => {
  const { call } = openAccount({ zones });
  const made = await call("POST", `zones/${otherZoneId}/dns_records`, a("www"), ofOneZone);
  expect(made).toMatchObject({ status: 200, result: { name: "www.example.net" } });
});

test.each([
  ["GET", ""],
  ["GET", "/dns_records"],
  ["POST", "/dns_records"],
  ["PATCH", "/settings/ssl"],
  ["PUT", "/rulesets/phases/http_ratelimit/entrypoint"],
])(
  "a token of one zone reaches no other, and does not learn that it is there: %s %s",
  async (method, path) => {
    const { call } = openAccount({ zones });
    const body = method === "GET" ? undefined : a("www");
    const answer = await call(method, `zones/${testZoneId}${path}`, body, ofOneZone);
    expect(answer).toMatchObject({ status: 403, code: 9109 });
    expect(await call("GET", "zones", undefined, ofOneZone)).toMatchObject({ result: [{ id: otherZoneId }] });
    expect(await call("GET", `zones/${testZoneId}/dns_records`)).toMatchObject({ result: [] });
  },
);

test("pages hold every record once", async () => {
  const { call } = openAccount();
  for (let index = 0; index < 7; index += 1) await call("POST", records, a(`host-${index}`));
  const seen: string[] = [];
  for (const page of [1, 2, 3]) {
    const { result, result_info } = await call("GET", `${records}?per_page=3&page=${page}`);
    const names = (Array.isArray(result) ? result : []).map(idOf);
    expect(result_info).toEqual({
      page,
      per_page: 3,
      count: names.length,
      total_count: 7,
      total_pages: 3,
    });
    seen.push(...names);
  }
  expect(new Set(seen).size).toBe(7);
  expect(await call("GET", `${records}?page=9`)).toMatchObject({ result: [], result_info: { count: 0 } });
});

test("429 on demand, with Retry-After, for the requests asked for and no more", async () => {
  const { call, control } = openAccount();
  await control("POST", "faults", { path: "dns_records", method: "GET", times: 2, retry_after: 7 });
  expect((await call("GET", `zones/${testZoneId}`)).status).toBe(200);
  const hit = await call("GET", records);
  expect(hit).toMatchObject({ status: 429, code: 971 });
  expect(hit.headers.get("retry-after")).toBe("7");
  expect((await call("GET", records)).status).toBe(429);
  expect((await call("GET", records)).status).toBe(200);
});

test("objects outlive the process, drift is injected by key, reset takes all away", async () => {
  const first = openAccount();
  const id = idOf((await first.call("POST", records, a("kept"))).result);
  const { call, control } = openAccount({ statePath: first.statePath });
  expect(await call("GET", `${records}/${id}`)).toMatchObject({ result: { name: "kept.example.com" } });
  await control("PATCH", `objects/dns_records/${id}`, { content: "198.51.100.9" });
  expect(await call("GET", `${records}/${id}`)).toMatchObject({ result: { content: "198.51.100.9" } });
  expect((await control("PATCH", "objects/dns_records/none", {})).status).toBe(404);
  expect((await control("GET", "objects/nothing")).status).toBe(404);
  await control("POST", "reset");
  expect(await call("GET", `${records}/${id}`)).toMatchObject({ status: 404, code: 81_044 });
  expect((await call("GET", `zones/${testZoneId}`)).status).toBe(200);
});
