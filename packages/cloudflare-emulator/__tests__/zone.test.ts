import { expect, test } from "vitest";
import { idOf, openAccount, testZoneId } from "./account.ts";

const records = `zones/${testZoneId}/dns_records`;
const a = { type: "A", name: "ciam.example.com", content: "203.0.113.1", ttl: 300 };

test("a record is unique by name, type and content", async () => {
  const { call } = openAccount();
  const id = idOf((await call("POST", records, a)).result);
  expect(await call("POST", records, a)).toMatchObject({ status: 400, code: 81_058 });
  expect(await call("POST", records, { ...a, ttl: 600 })).toMatchObject({ code: 81_057 });
  expect(await call("PUT", `${records}/${id}`, a)).toMatchObject({ status: 200 });
  expect(await call("POST", records, { ...a, content: "203.0.113.2" })).toMatchObject({ status: 200 });
});

test("a CNAME stands alone", async () => {
  const { call } = openAccount();
  const cname = { ...a, type: "CNAME", content: "example.net" };
  await call("POST", records, a);
  expect(await call("POST", records, cname)).toMatchObject({ code: 81_053 });
  await call("POST", records, { ...cname, name: "alias" });
  expect(await call("POST", records, { ...a, name: "alias" })).toMatchObject({ code: 81_054 });
  const text = { type: "TXT", name: "ciam.example.com", content: '"x"', ttl: 1 };
  expect(await call("POST", records, text)).toMatchObject({ status: 200 });
});

test.each([
  ["no IPv4 address", { content: "2001:db8::1" }, 9005],
  ["no IPv6 address", { type: "AAAA" }, 9006],
  ["too short a ttl", { ttl: 5 }, 9021],
  ["a proxied TXT", { type: "TXT", proxied: true }, 9004],
  ["MX without priority", { type: "MX", content: "mail.example.com" }, 9100],
  ["CAA without a tag", { type: "CAA", data: { flags: 0, value: "ssl.com" } }, 9101],
  [
    "CAA with flags that are no byte",
    { type: "CAA", data: { flags: 256, tag: "issue", value: "ssl.com" } },
    9101,
  ],
  ["no content", { content: undefined }, 9000],
  ["no type", { type: undefined }, 1004],
])("refuses %s", async (_, change, code) => {
  const { call } = openAccount();
  expect(await call("POST", records, { ...a, ...change })).toMatchObject({ status: 400, code });
});

test("a quoted string of TXT has at most 255 characters; what is not quoted is kept", async () => {
  const { call } = openAccount();
  const txt = (content: string) => call("POST", records, { type: "TXT", name: "@", content, ttl: 1 });
  const [long, short] = ["x".repeat(255), "x".repeat(45)];
  for (const sent of [`"${long}${short}"`, `"${long}" "${short}y"`, "v=spf1 -all", '"a\\"b"'])
    expect(await txt(sent)).toMatchObject({
      result: { content: sent === `"${long}${short}"` ? `"${long}" "${short}"` : sent },
    });
});

test("a proxied record has ttl 1, a name is completed, a patch keeps the rest", async () => {
  const { call } = openAccount();
  const made = await call("POST", records, { ...a, name: "ciam", proxied: true });
  expect(made).toMatchObject({
    result: { name: "ciam.example.com", ttl: 1, proxied: true, proxiable: true },
  });
  const patched = await call("PATCH", `${records}/${idOf(made.result)}`, { content: "203.0.113.5" });
  expect(patched).toMatchObject({
    result: { name: "ciam.example.com", proxied: true, content: "203.0.113.5" },
  });
  expect(await call("DELETE", `${records}/${idOf(made.result)}`)).toMatchObject({ status: 200 });
  expect(await call("DELETE", `${records}/${idOf(made.result)}`)).toMatchObject({ status: 404 });
});

test("a setting takes its own values only", async () => {
  const { call } = openAccount();
  const ssl = `zones/${testZoneId}/settings/ssl`;
  expect(await call("PATCH", ssl, { value: "strict" })).toMatchObject({
    result: { id: "ssl", value: "strict" },
  });
  expect(await call("PATCH", ssl, { value: "bogus" })).toMatchObject({ status: 400, code: 1007 });
  expect(await call("PATCH", `zones/${testZoneId}/settings/min_tls_version`, { value: 1.2 })).toMatchObject({
    code: 1007,
  });
  expect(await call("PATCH", `zones/${testZoneId}/settings/challenge_ttl`, { value: 301 })).toMatchObject({
    code: 1007,
  });
  expect(await call("PATCH", `zones/${testZoneId}/settings/challenge_ttl`, { value: 300 })).toMatchObject({
    status: 200,
  });
  expect(await call("PATCH", `zones/${testZoneId}/settings/bogus`, { value: "on" })).toMatchObject({
    code: 1006,
  });
  expect(await call("GET", ssl)).toMatchObject({ result: { value: "strict" } });
});

const block = (extra: object = {}) => ({ action: "block", expression: '(http.host eq "x")', ...extra });
const ruleset = (phase: string, rules: object[]) => ({ name: "r", kind: "zone", phase, rules });
const limit = { characteristics: ["ip.src", "cf.colo.id"], period: 10, mitigation_timeout: 10 };

test("a phase has one entrypoint: a second is refused, a changed one gets a version", async () => {
  const { call } = openAccount();
  const rulesets = `zones/${testZoneId}/rulesets`;
  const phase = "http_request_firewall_custom";
  const entrypoint = `${rulesets}/phases/${phase}/entrypoint`;
  expect(await call("GET", entrypoint)).toMatchObject({ status: 404, code: 10_003 });
  const made = await call("POST", rulesets, ruleset(phase, [block({ ref: "one" })]));
  expect(made).toMatchObject({ status: 200, result: { version: "1" } });
  const second = await call("POST", rulesets, ruleset(phase, []));
  expect(second).toMatchObject({ status: 400, code: 20_217, error: { source: { pointer: "/kind" } } });
  expect(second.error?.message).toContain(`exceeded maximum number of zone rulesets for phase ${phase}`);
  const put = await call("PUT", entrypoint, { rules: [block({ ref: "one", enabled: false })] });
  expect(put).toMatchObject({ result: { version: "2", rules: [{ ref: "one", enabled: false }] } });
  expect(await call("POST", rulesets, ruleset("http_request_cache_settings", []))).toMatchObject({
    status: 200,
  });
});

test.each([
  ["a sixth custom rule", "http_request_firewall_custom", Array(6).fill(block()), "6 out of 5"],
  ["a second limit", "http_ratelimit", Array(2).fill(block({ ratelimit: limit })), "2 out of 1"],
  ["a period", "http_ratelimit", [block({ ratelimit: { ...limit, period: 60 } })], "period 60"],
  [
    "a timeout",
    "http_ratelimit",
    [block({ ratelimit: { ...limit, mitigation_timeout: 60 } })],
    "timeout different from 10",
  ],
  [
    "no colo",
    "http_ratelimit",
    [block({ ratelimit: { ...limit, characteristics: ["ip.src"] } })],
    "cf.colo.id",
  ],
  ["an open bracket", "http_request_firewall_custom", [block({ expression: "(true" })], "not complete"],
  ["a phase that is a name of every object", "constructor", [], "not a valid value for phase"],
  ["an unknown phase", "http_bogus", [], "'http_bogus' is not a valid value for phase"],
])("a free zone refuses %s", async (_, phase, rules, words) => {
  const { call } = openAccount();
  const refused = await call("POST", `zones/${testZoneId}/rulesets`, ruleset(phase, rules));
  expect(refused.status).toBe(400);
  expect(refused.error?.message).toContain(words);
});

test("a free zone takes as much as it holds", async () => {
  const { call } = openAccount();
  const rulesets = `zones/${testZoneId}/rulesets`;
  const five = ruleset("http_request_firewall_custom", Array(5).fill(block()));
  expect((await call("POST", rulesets, five)).status).toBe(200);
  expect(
    (await call("POST", rulesets, ruleset("http_ratelimit", [block({ ratelimit: limit })]))).status,
  ).toBe(200);
});
