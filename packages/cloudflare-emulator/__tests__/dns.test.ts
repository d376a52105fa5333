import { describe, expect, test } from "vitest";
import { idOf, openAccount, testAccountId, testZoneId, writer } from "./account.ts";

const records = `zones/${testZoneId}/dns_records`;
const a = { type: "A", name: "ciam.example.com", content: "203.0.113.1", ttl: 1 };

describe("a proxied record", () => {
  test.each([
    ["A", "10.0.0.1"],
    ["A", "172.31.255.255"],
    ["A", "192.168.1.121"],
    ["A", "127.0.0.1"],
    ["A", "169.254.169.254"],
    ["A", "100.64.0.1"],
    ["A", "0.0.0.0"],
    ["A", "1.1.1.1"],
    ["AAAA", "fd00::1"],
    ["AAAA", "fe80::1"],
    ["AAAA", "::1"],
    ["AAAA", "::"],
  ])("of type %s does not point to %s, which an unproxied one may", async (type, content) => {
    const { call } = openAccount();
    const refused = await call("POST", records, { ...a, type, content, proxied: true });
    expect(refused).toMatchObject({ status: 400, code: 9003 });
    expect(refused.error?.message).toBe(`Target ${content} is not allowed for a proxied record.`);
    expect(await call("POST", records, { ...a, type, content })).toMatchObject({
      status: 200,
      result: { proxied: false, proxiable: false },
    });
  });

  test.each([
    ["A", "172.32.0.1"],
    ["A", "100.128.0.1"],
    ["A", "192.0.2.1"],
    ["A", "198.18.0.16"],
    ["AAAA", "2001:db8::1"],
    ["AAAA", "100::"],
    ["CNAME", "example.net"],
  ])("of type %s may point to %s", async (type, content) => {
    const { call } = openAccount();
    const made = await call("POST", records, { ...a, type, content, proxied: true });
    expect(made).toMatchObject({ status: 200, result: { proxied: true, proxiable: true } });
  });

  test("does not move to a private address, nor does a private one become proxied", async () => {
    const { call } = openAccount();
    const made = await call("POST", records, { ...a, proxied: true });
    const one = `${records}/${idOf(made.result)}`;
    expect(await call("PATCH", one, { content: "10.0.0.1" })).toMatchObject({ status: 400, code: 9003 });
    expect(await call("GET", one)).toMatchObject({ result: { content: "203.0.113.1" } });
    expect(await call("PUT", one, { ...a, content: "10.0.0.1" })).toMatchObject({ status: 200 });
    expect(await call("PATCH", one, { proxied: true })).toMatchObject({ status: 400, code: 9003 });
  });

  test("reaches the private ranges that it is told of", async () => {
    const { call } = openAccount({ reachable: ["10.66.0.0/24"] });
    const to = (content: string) => call("POST", records, { ...a, content, proxied: true });
    expect(await to("10.66.0.10")).toMatchObject({ status: 200, result: { proxiable: true } });
    expect(await to("10.66.1.10")).toMatchObject({ status: 400, code: 9003 });
  });
});

test.each([
  ["a CNAME to an address", { type: "CNAME", content: "203.0.113.1" }, 9007],
  ["a CNAME to a URL", { type: "CNAME", content: "https://example.net/" }, 9007],
  ["a CNAME to itself", { type: "CNAME", content: "ciam.example.com" }, 9039],
  ["a CNAME to itself, as a zone file writes it", { type: "CNAME", content: "CIAM.example.com." }, 9039],
  ["mail to an address", { type: "MX", content: "203.0.113.1", priority: 10 }, 9009],
])("refuses %s", async (_, change, code) => {
  const { call } = openAccount();
  expect(await call("POST", records, { ...a, ...change })).toMatchObject({ status: 400, code });
});

/** Other parts of the API, in the place where an id or a name may stand. */
test.each([
  ...["batch", "import", "scan", "scan/review", "usage"].map((path) => `${records}/${path}`),
  `zones/${testZoneId}/rulesets/phases`,
  `zones/${testZoneId}/origin_tls_client_auth/hostnames/certificates`,
  `accounts/${testAccountId}/storage/kv/namespaces/bulk`,
])("%s is not read as an id, and says that it is not here", async (path) => {
  const { call } = openAccount();
  const answer = await call("GET", path);
  expect(answer).toMatchObject({ status: 404, code: 7000 });
  expect(answer.error?.message).toContain("is not in the sandbox");
});

describe("the export", () => {
  const exported = async (account = openAccount()) => {
    const answer = await account.app.request(`/client/v4/${records}/export`, {
      headers: { Authorization: `Bearer ${writer}` },
    });
    return { type: answer.headers.get("content-type"), text: await answer.text(), status: answer.status };
  };

  test("of an empty zone has its SOA record and name servers", async () => {
    const account = openAccount({ clock: () => new Date("2026-04-09T09:27:20Z") });
    const { type, text, status } = await exported(account);
    expect([status, type]).toEqual([200, expect.stringMatching(/^text\/plain/)]);
    expect(text).toMatch(/^;;\n;; Domain: {5}example\.com\.\n;; Exported: {3}2026-04-09 09:27:20\n;;\n/);
    expect(text.split(";; Use at your own risk.\n")[1]).toBe(
      [
        ";; SOA Record",
        "example.com\t3600\tIN\tSOA\tada.ns.cloudflare.com. dns.cloudflare.com. 2052739344 10000 2400 604800 3600",
        "",
        ";; NS Records",
        "example.com.\t86400\tIN\tNS\tada.ns.cloudflare.com.",
        "example.com.\t86400\tIN\tNS\tbob.ns.cloudflare.com.",
        "",
      ].join("\n"),
    );
  });

  test("has each type in a section, names in order, and says what is proxied", async () => {
    const account = openAccount();
    for (const record of [
      { ...a, name: "www", proxied: true, comment: "olympus-infra prod" },
      { ...a, name: "ssh" },
      { ...a, name: "alias", type: "CNAME", content: "example.net" },
      { ...a, name: "@", type: "MX", content: "mail.example.net", priority: 10 },
      { ...a, name: "@", type: "TXT", content: "v=spf1 -all", comment: "no mail" },
      { ...a, name: "quoted", type: "TXT", content: '"already" "quoted"' },
      { ...a, name: "long", type: "TXT", content: "x".repeat(300) },
      { ...a, name: "@", type: "CAA", ttl: 300, data: { flags: 0, tag: "issue", value: "letsencrypt.org" } },
      {
        ...a,
        name: "_sip._tcp",
        type: "SRV",
        data: { priority: 0, weight: 1, port: 443, target: "sip.example.net" },
      },
    ])
      expect((await account.call("POST", records, record)).status).toBe(200);
    const { text } = await exported(account);
    expect(text.split("bob.ns.cloudflare.com.\n")[1]).toBe(
      [
        "",
        ";; A Records",
        "ssh.example.com.\t1\tIN\tA\t203.0.113.1 ; cf_tags=cf-proxied:false",
        "www.example.com.\t1\tIN\tA\t203.0.113.1 ; olympus-infra prod cf_tags=cf-proxied:true",
        "",
        ";; CAA Records",
        'example.com.\t300\tIN\tCAA\t0 issue "letsencrypt.org"',
        "",
        ";; CNAME Records",
        "alias.example.com.\t1\tIN\tCNAME\texample.net. ; cf_tags=cf-proxied:false",
        "",
        ";; MX Records",
        "example.com.\t1\tIN\tMX\t10 mail.example.net.",
        "",
        ";; SRV Records",
        "_sip._tcp.example.com.\t1\tIN\tSRV\t0 1 443 sip.example.net.",
        "",
        ";; TXT Records",
        'example.com.\t1\tIN\tTXT\t"v=spf1 -all" ; no mail',
        `long.example.com.\t1\tIN\tTXT\t"${"x".repeat(255)}" "${"x".repeat(45)}"`,
        'quoted.example.com.\t1\tIN\tTXT\t"already" "quoted"',
        "",
      ].join("\n"),
    );
  });

  test("needs a token and a zone of the account", async () => {
    const { app, call } = openAccount();
    expect((await app.request(`/client/v4/${records}/export`)).status).toBe(400);
    expect(await call("GET", `zones/${"f".repeat(32)}/dns_records/export`)).toMatchObject({ code: 9109 });
  });
});
