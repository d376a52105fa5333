import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cloudflareEmulator } from "@olympus-infra/cloudflare-emulator";
import { afterAll, beforeAll, expect, test } from "vitest";
import { unknownLines, unknownResources } from "../../../cli/shared/unknown-resources.ts";
import { serve } from "../../../lib/http-service.ts";
import { fixtureFleet } from "../../support/fleet/fleet.ts";

// A zone whose records others kept before it came here.
const fleet = fixtureFleet();
const { zone, cloudflareAccountId: accountId } = fleet.reference.environment;
const folder = mkdtempSync(join(tmpdir(), "olympus-unknown-records-"));
const TOKEN = "c".repeat(40);
let service: Awaited<ReturnType<typeof serve>>;
let base = "";

beforeAll(async () => {
  const cloud = cloudflareEmulator({
    statePath: join(folder, "cloudflare.json"),
    tokens: [{ value: TOKEN }],
    zones: [{ id: zone.id, name: zone.name, accountId }],
  });
  service = await serve(cloud, 0);
  base = `${service.url}/client/v4`;
});
afterAll(() => {
  void service.close();
  rmSync(folder, { recursive: true, force: true });
});

const planned = (address: string, after: object) => ({
  ...{ address, type: "cloudflare_dns_record" },
  change: { actions: ["create"], after },
});

const ZONE_STACK = "zone-your-app-com";
const dns = {
  caa: ["letsencrypt.org"],
  mail: {
    spf: { terms: ["include:spf.mtasv.net"], others: "softfail" as const },
    dkim: { pm: "pm.dkim.example.com" },
    dmarc: { policy: "none" as const, reports: "dmarc@your-app.com" },
  },
};
const withRecords = { ...fleet, base: { ...fleet.base, dns } };
const foundInZone = (of: typeof fleet, plan: object = {}) =>
  unknownResources(
    {
      stack: ZONE_STACK,
      variables: { CLOUDFLARE_BASE_URL: base, TF_VAR_cloudflare_token_zone_your_app_com: TOKEN },
    },
    of,
    JSON.stringify({ format_version: "1.2", ...plan }),
  );
const call = (method: string, path: string, body?: object) =>
  fetch(`${base}/zones/${zone.id}/dns_records${path}`, {
    ...{ method, headers: { authorization: `Bearer ${TOKEN}` } },
    ...(body && { body: JSON.stringify(body) }),
  });
const put = async (type: string, name: string, content: string | object): Promise<string> => {
  const answer = await call("POST", "", {
    ...{ type, name, ttl: 300 },
    ...(typeof content === "string" ? { content } : { data: content }),
  });
  return ((await answer.json()) as { result: { id: string } }).result.id;
};

test("a zone without records of its own is not asked", async () => {
  expect(
    await unknownResources({ stack: ZONE_STACK, variables: { CLOUDFLARE_BASE_URL: "x:" } }, fleet, "{}"),
  ).toEqual([]);
});

test("records of others that say nothing of certificates or mail are in no zone's way", async () => {
  await put("TXT", zone.name, '"google-site-verification=v=spf1"');
  await put("TXT", `news.${zone.name}`, '"v=spf1 include:news.example.com -all"');
  await put("TXT", `other._domainkey.${zone.name}`, '"k=rsa; p=AAAA"');
  await put("TXT", `_dmarc.news.${zone.name}`, '"v=DMARC1; p=none"');
  await put("CAA", zone.name, { flags: 0, tag: "iodef", value: "mailto:a@b.com" });
  expect(await foundInZone(withRecords)).toEqual([]);
});

test.each([
  ["an SPF", "dns-spf", "TXT", zone.name, "V=SPF1 mx -all", "dns.mail.spf.terms"],
  ["an SPF of two strings", "dns-spf", "TXT", zone.name, '"v=spf1 include:a.com" " ~all"', "leave spf out"],
  ["a DMARC", "dns-dmarc", "TXT", `_dmarc.${zone.name}`, '"v=DMARC1;p=none"', "dns.mail.dmarc"],
  ["a vendor's DMARC", "dns-dmarc", "CNAME", `_dmarc.${zone.name}`, "x.dmarc.example", "leave dmarc out"],
  ["a key", "dns-dkim-pm", "TXT", `pm._domainkey.${zone.name}`, '"k=rsa; p=AAAA"', "leave dkim out"],
  [
    ...(["the same authority", "dns-caa-letsencrypt_org", "CAA", zone.name] as const),
    ...([{ flags: 0, tag: "issue", value: "letsencrypt.org" }, "leave caa out"] as const),
  ],
])("%s of others is in the way of ours", async (_, id, type, name, content, says) => {
  const at = await put(type, name, content);
  const address = `cloudflare_dns_record.${id}`;
  const creates = { resource_changes: [planned(address, { name })] };
  const [one, ...more] = await foundInZone(withRecords, creates);
  expect(more).toEqual([]);
  expect(one).toMatchObject({ isInTheWay: true, what: expect.stringContaining(`${name}: ${type} `) });
  expect(one?.remedy).toContain(`terraform import '${address}' ${zone.id}/${at}; or leave`);
  expect(one?.remedy).toContain(says);
  expect((await foundInZone(withRecords))[0]?.remedy).toMatch(
    /remove it at the provider: the state has another/,
  );
  const resources = [{ address, type: "cloudflare_dns_record", values: { id: at } }];
  expect(await foundInZone(withRecords, { prior_state: { values: { root_module: { resources } } } })).toEqual(
    [],
  );
  await call("DELETE", `/${at}`);
});

test("another authority of others is shown, and stops nothing", async () => {
  await put("CAA", zone.name, { flags: 0, tag: "issuewild", value: "digicert.com" });
  const all = await foundInZone(withRecords);
  expect(all).toMatchObject([{ isInTheWay: false, remedy: expect.stringContaining("it lets others issue") }]);
  expect(unknownLines(all)[0]).toMatch(/^\? left over: .*digicert\.com/);
});
