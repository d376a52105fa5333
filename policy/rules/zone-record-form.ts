import { withResource } from "../examples.ts";
import { each, when } from "../resources.ts";
import type { Rule } from "../rule.ts";
import { recordFault } from "../zone-records.ts";
import { EXAMPLE_VISITORS } from "../zone-rules.ts";

const ZONE = { visitors: EXAMPLE_VISITORS, zone: "your-app.com" };
const txt = (name: string, content: string) =>
  withResource("cloudflare_dns_record", { name, type: "TXT", content }, ZONE);
const caa = (data: { flags: number; tag: string; value: string }, name = "your-app.com") =>
  withResource("cloudflare_dns_record", { name, type: "CAA", data }, ZONE);
const cname = (name: string, content: string, proxied = false) =>
  withResource("cloudflare_dns_record", { name, type: "CNAME", content, proxied }, ZONE);
const KEY = `k=rsa; p=${"A".repeat(60)}`;
const includes = (count: number) =>
  Array.from({ length: count }, (_, i) => `include:r${i}.example.com`).join(" ");

export const rule: Rule = {
  id: "zone-record-form",
  reason:
    "A zone's record reaches every environment of the zone; receivers ignore an SPF, DKIM or DMARC record with a fault, without a word to its owner.",
  remedy: "Declare it by `dns` of config/base.ts: CAA, SPF, DKIM or DMARC, each in its place and form.",
  check: each("cloudflare_dns_record", (body, _, { visitors, zone }) => {
    const fault = visitors && zone ? recordFault(body, zone) : undefined;
    return fault ? when(true, ...fault) : [];
  }),
  passing: [
    caa({ flags: 0, tag: "issue", value: "letsencrypt.org" }),
    txt("your-app.com", '"v=spf1 include:_spf.google.com ip4:192.0.2.0/24 ~all"'),
    txt("app.your-app.com", `"v=spf1 ${includes(10)}" " -all"`),
    txt("20260101pm._domainkey.your-app.com", `"${KEY}"`),
    cname("abc._domainkey.your-app.com", "abc.dkim.amazonses.com"),
    txt("_dmarc.your-app.com", '"v=DMARC1; p=reject; rua=mailto:dmarc@your-app.com"'),
    // Records of an environment are for other rules.
    withResource("cloudflare_dns_record", { name: "ciam.your-app.com", type: "A" }, { zone: "your-app.com" }),
  ],
  failing: [
    caa({ flags: 0, tag: "iodef", value: "letsencrypt.org" }),
    caa({ flags: 128, tag: "issue", value: "letsencrypt.org" }),
    caa({ flags: 0, tag: "issue", value: "letsencrypt.org" }, "ciam.your-app.com"),
    txt("your-app.com", '"google-site-verification=abc"'),
    txt("your-app.com", '"v=spf1 include:spf.mtasv.net +all"'),
    txt("your-app.com", "v=spf1 include:spf.mtasv.net ~all"),
    txt("your-app.com", `"v=spf1 ${includes(11)} ~all"`),
    txt("other.com", '"v=spf1 include:spf.mtasv.net ~all"'),
    txt("_dmarc.your-app.com", '"v=DMARC1; rua=mailto:dmarc@your-app.com"'),
    txt("20260101pm._domainkey.your-app.com", '"p="'),
    cname("abc._domainkey.your-app.com", "abc.dkim.amazonses.com", true),
    cname("_dmarc.your-app.com", "your-app.com.dmarc.example"),
  ],
};
