import { expect, test } from "vitest";
import { loadFleet } from "../../config/index.ts";
import { environmentFile } from "../../host/environment-file.ts";
import { base } from "../support/fleet/base.ts";
import { staging } from "../support/fleet/staging.ts";
import { type Changed, changedSource, problemsOfChange } from "./changed-source.ts";

const KEY = base.operators.sshKeys.operator?.split(" ").slice(0, 2).join(" ") ?? "";
const operators = (...cidrs: string[]): Changed => ({ base: { operators: { ...base.operators, cidrs } } });
const office = (...cidrs: string[]): Changed => ({ base: { office: { cidrs } } });
const key = (name: string, text: string): Changed => ({
  base: { operators: { ...base.operators, sshKeys: { [name]: text } } },
});
const sender = (senderName: string): Changed => ({ base: { email: { ...base.email, senderName } } });
const alert = (alertEmail: string): Changed => ({ base: { monitoring: { ...base.monitoring, alertEmail } } });
const store = (endpoint: string, location = "fsn1"): Changed => ({
  base: { location, backup: { ...base.backup, endpoint } },
});
const zone = (name: string): Changed => ({ base: { zones: { ...base.zones, [name]: "0".repeat(32) } } });
const dns = (block: unknown, more: Changed = {}): Changed => ({ ...more, base: { dns: block } });
const mail = (block: object, more?: Changed): Changed => dns({ mail: block }, more);
const spf = (...terms: string[]): Changed => mail({ spf: { terms, others: "fail" } });
const dmarc = (block: object): Changed =>
  mail({ dmarc: { policy: "none", reports: "dmarc@your-app.com", ...block } });
const KEY_OF_MAIL = `k=rsa; p=${"A".repeat(216)}`;
const includes = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => `include:r${i}.example.com`);
const limits = (rateLimits: unknown): Changed => ({ staging: { rateLimits } });
const ranges = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => `203.0.${Math.floor(i / 256)}.${i % 256}/32`);

const fallback = (type: string): Changed => ({
  staging: { extras: { ...staging.extras, fallbackTypes: [type] } },
});

const budget = (eur: number): Changed => ({
  base: { environments: { ...base.environments, prod: { ...base.environments.prod, budget: eur } } } as never,
});

/** What is refused, the nearest that is not, where it is named, and what is said. */
const PAIRS: [title: string, failing: Changed, passing: Changed, path: string, said: RegExp][] = [
  [
    "a fallback of another architecture",
    fallback("cpx22"),
    fallback("cax31"),
    "extras.fallbackTypes",
    /cax types are ARM/,
  ],
  [
    "a budget below what the declared server costs",
    budget(12.12),
    budget(12.13),
    "environments.prod.budget",
    /at least 12\.13, which prod costs a month with cax21/,
  ],
  ["a private range", office("10.1.0.0/16"), office("11.1.0.0/16"), "office.cidrs[0]", /private/],
  [
    "another private range",
    operators("172.31.0.0/16"),
    operators("172.32.0.0/16"),
    "operators.cidrs[0]",
    /private/,
  ],
  [
    "the most usual private range",
    office("192.168.0.0/24"),
    office("192.169.0.0/24"),
    "office.cidrs[0]",
    /private/,
  ],
  [
    "a range that holds a private one",
    office("192.0.0.0/8"),
    office("193.0.0.0/8"),
    "office.cidrs[0]",
    /reserved|private/,
  ],
  [
    "shared addresses of a provider",
    office("100.64.0.0/24"),
    office("100.128.0.0/24"),
    "office.cidrs[0]",
    /shared/,
  ],
  ["loopback", office("127.0.0.1/32"), office("128.0.0.1/32"), "office.cidrs[0]", /loopback/],
  ["link-local", office("169.254.0.0/16"), office("169.253.0.0/16"), "office.cidrs[0]", /link-local/],
  ["multicast", office("224.0.0.0/8"), office("223.0.0.0/8"), "office.cidrs[0]", /multicast/],
  ["the unspecified address", office("0.0.0.0/32"), office("1.0.0.0/32"), "office.cidrs[0]", /unspecified/],
  ["broadcast", office("255.255.255.255/32"), office("223.255.255.255/32"), "office.cidrs[0]", /reserved/],
  ["IPv6 loopback", office("::1/128"), office("2600::1/128"), "office.cidrs[0]", /outside 2000::\/3/],
  ["IPv6 link-local", office("fe80::/64"), office("2a00::/64"), "office.cidrs[0]", /outside 2000::\/3/],
  ["unique local IPv6", office("fd00::/64"), office("2a00::/64"), "office.cidrs[0]", /outside 2000::\/3/],
  ["IPv6 multicast", office("ff02::/64"), office("2a00::/64"), "office.cidrs[0]", /outside 2000::\/3/],
  ["IPv4 within IPv6", office("::ffff:0:0/96"), office("2a00::/96"), "office.cidrs[0]", /outside 2000::\/3/],
  [
    "a range wider than one owner's",
    office("16.0.0.0/7"),
    office("17.0.0.0/8"),
    "office.cidrs[0]",
    /\/8 or narrower/,
  ],
  [
    "an IPv6 range wider than one owner's",
    office("2a00::/15"),
    office("2a00::/16"),
    "office.cidrs[0]",
    /\/16 or narrower/,
  ],
  [
    "ranges that are much of the internet together",
    office("11.0.0.0/8", "12.0.0.0/8", "13.0.0.0/8", "14.0.0.0/8", "15.0.0.0/8"),
    office("11.0.0.0/8", "12.0.0.0/8", "13.0.0.0/8", "14.0.0.0/8"),
    "office.cidrs",
    /no more than a \/6 of IPv4/,
  ],
  [
    "IPv6 ranges that are much of the internet together",
    office("2a00::/16", "2a01::/16", "2a02::/16", "2a03::/16", "2a04::/16"),
    office("2a00::/16", "2a01::/16", "2a02::/16", "2a03::/16"),
    "office.cidrs",
    /no more than a \/14 of IPv6/,
  ],
  [
    "more ranges than a rule takes",
    operators(...ranges(99)),
    operators(...ranges(98)),
    "operators.cidrs",
    /at most 100/,
  ],
  [
    "no operator",
    { base: { operators: { ...base.operators, sshKeys: {} } } },
    { base: { developers: { sshKeys: {} } } },
    "operators.sshKeys",
    /at least one key/,
  ],
  [
    "the key of a map in capitals",
    key("Alice", KEY),
    key("alice", KEY),
    "operators.sshKeys.Alice",
    /the key "Alice".*short name/,
  ],
  [
    "a zone in capitals",
    zone("Your-App.org"),
    zone("your-app.org"),
    'zones["Your-App.org"]',
    /the key "Your-App.org".*zone name/,
  ],
  [
    "a key's comment with a bar",
    key("alice", `${KEY} a|b`),
    key("alice", `${KEY} a b`),
    "operators.sshKeys.alice",
    /one line/,
  ],
  [
    "two keys in one",
    key("alice", `${KEY}\n${KEY}`),
    key("alice", `${KEY} Alice (laptop)\n`),
    "operators.sshKeys.alice",
    /one line/,
  ],
  [
    "a plan that is none of three",
    { base: { cloudflarePlan: "enterprise" } },
    { base: { cloudflarePlan: "business" } },
    "cloudflarePlan",
    /for enterprise write business/,
  ],
  ["a sender with a quote", sender('O"Reilly'), sender("O'Reilly, Inc."), "email.senderName", /letters/],
  ["a sender that a shell evaluates", sender("A $(id)"), sender("A (id)"), "email.senderName", /letters/],
  ["a sender of two lines", sender("A\nB"), sender("A B"), "email.senderName", /letters/],
  ["a sender with an address", sender("A <a@b.com>"), sender("A & B"), "email.senderName", /letters/],
  ["a sender that begins with a quote", sender("'A'"), sender("A's"), "email.senderName", /letters/],
  ["a sender with a comment", sender("A #1"), sender("A 1"), "email.senderName", /letters/],
  ["a sender of 65", sender("x".repeat(65)), sender(`${"x ".repeat(31)}xx`), "email.senderName", /1 to 64/],
  [
    "an address that a shell evaluates",
    alert("$(id)@b.com"),
    alert("id@b.com"),
    "monitoring.alertEmail",
    /e-mail address/,
  ],
  [
    "an address with a quote",
    alert('"a"@b.com'),
    alert("a@b.com"),
    "monitoring.alertEmail",
    /e-mail address/,
  ],
  [
    "an address that is an option",
    alert("-a@b.com"),
    alert("a-a@b.com"),
    "monitoring.alertEmail",
    /e-mail address/,
  ],
  [
    "two dots in an address",
    alert("a..b@c.com"),
    alert("a.b+c@d.com"),
    "monitoring.alertEmail",
    /e-mail address/,
  ],
  [
    "an address without a domain",
    alert("a@-.com"),
    alert("a@b.xn--p1ai"),
    "monitoring.alertEmail",
    /e-mail address/,
  ],
  [
    "a store with a final slash",
    store("https://s3.example.com/"),
    store("https://s3.example.com"),
    "backup.endpoint",
    /final slash/,
  ],
  [
    "a store with a path",
    store("https://s3.example.com/v1"),
    store("https://s3.example.com:9000"),
    "backup.endpoint",
    /without a path/,
  ],
  [
    "a store with a query",
    store("https://s3.example.com?a=b"),
    store("https://s3.example.xn--p1ai"),
    "backup.endpoint",
    /without a path/,
  ],
  [
    "a store in the server's place",
    store("https://fsn1.your-objectstorage.com"),
    store("https://nbg1.your-objectstorage.com"),
    "backup.endpoint",
    /another place than the server's, fsn1/,
  ],
  [
    "a bucket in the server's place",
    store("https://hel1.your-objectstorage.com", "hel1"),
    store("https://hel1.your-objectstorage.com", "nbg1"),
    "backup.endpoint",
    /another place/,
  ],
  [
    "a zone below a TLD that is none",
    zone("your-app.xn--"),
    zone("your-app.xn--p1ai"),
    'zones["your-app.xn--"]',
    /zone name/,
  ],
  ["a TLD of digits", zone("your-app.123"), zone("your-app.app"), 'zones["your-app.123"]', /zone name/],
  [
    "an authority by its address",
    dns({ caa: ["https://ssl.com"] }),
    dns({ caa: ["ssl.com"] }),
    "dns.caa[0]",
    /domain of/,
  ],
  ["no authority", dns({ caa: [] }), dns({ caa: ["pki.goog"] }), "dns.caa", /one or more/],
  [
    "an authority twice",
    dns({ caa: ["ssl.com", "ssl.com"] }),
    dns({ caa: ["ssl.com", "pki.goog"] }),
    "dns.caa",
    /twice/,
  ],
  ["a block of nothing", dns({}), dns(undefined), "dns", /leave dns out/],
  ["mail of nothing", mail({}), dmarc({}), "dns.mail", /leave mail out/],
  [
    "SPF that lets everybody",
    spf("include:_spf.a.com", "+all"),
    spf("include:_spf.a.com"),
    "dns.mail.spf.terms[1]",
    /include:/,
  ],
  [
    "SPF as a whole",
    spf("v=spf1 include:a.com -all"),
    spf("include:a.com", "mx"),
    "dns.mail.spf.terms[0]",
    /include:/,
  ],
  ["an SPF term twice", spf("mx", "mx"), spf("mx", "a"), "dns.mail.spf.terms", /twice/],
  [
    "SPF that asks too often",
    spf(...includes(11)),
    spf(...includes(10), "ip4:192.0.2.1"),
    "dns.mail.spf.terms",
    /10 times/,
  ],
  [
    "a selector with its suffix",
    mail({ dkim: { "pm._domainkey": KEY_OF_MAIL } }),
    mail({ dkim: { pm: KEY_OF_MAIL } }),
    'dns.mail.dkim["pm._domainkey"]',
    /before \._domainkey/,
  ],
  [
    "a key that is revoked",
    mail({ dkim: { pm: "k=rsa; p=" } }),
    mail({ dkim: { pm: "k2._domainkey.mandrillapp.com" } }),
    "dns.mail.dkim.pm",
    /k=rsa/,
  ],
  ["no key", mail({ dkim: {} }), mail({ dkim: { pm: KEY_OF_MAIL } }), "dns.mail.dkim", /selectors/],
  [
    "a policy of DMARC that is none",
    dmarc({ policy: "monitor" }),
    dmarc({ policy: "none" }),
    "dns.mail.dmarc.policy",
    /begin with none/,
  ],
  [
    "reports to a URI",
    dmarc({ reports: "mailto:a@b.com" }),
    dmarc({ reports: "a@b.com" }),
    "dns.mail.dmarc.reports",
    /e-mail address/,
  ],
  [
    "a sending domain that production does not have",
    mail({ label: "app", spf: { terms: ["mx"], others: "fail" } }),
    mail({ spf: { terms: ["mx"], others: "fail" } }),
    "dns.mail.label",
    /real people get mail from: your-app\.com/,
  ],
  [
    "a sending domain that only staging has",
    mail({ label: "staging", spf: { terms: ["mx"], others: "fail" } }),
    dns({ caa: ["ssl.com"] }),
    "dns.mail.label",
    /your-app\.com/,
  ],
  ["a domain in capitals", { staging: { domain: "Staging.your-app.com" } }, {}, "domain", /in lower case/],
  [
    "a limit that is undefined",
    limits({ login: undefined }),
    limits({}),
    "rateLimits.login",
    /leave the key out/,
  ],
  ["a limit that is null", limits({ token: null }), limits({}), "rateLimits.token", /events/],
  [
    "an offset for a time zone",
    { extras: { timeZone: "+01:00" } },
    { extras: { timeZone: "Etc/GMT-1" } },
    "extras.timeZone",
    /not as an offset/,
  ],
  [
    "a time zone in another case",
    { extras: { timeZone: "asia/kolkata" } },
    { extras: { timeZone: "Asia/Kolkata" } },
    "extras.timeZone",
    /in this case/,
  ],
];

test.each(PAIRS)("%s is refused, its neighbour is not", (_, failing, passing, path, said) => {
  const problems = problemsOfChange(failing);
  expect(problems.map((problem) => problem.path)).toEqual([path]);
  const [{ value = "", allowed = "", remedy = "" } = {}] = problems;
  expect(`${value} ${allowed} ${remedy}`).toMatch(said);
  for (const words of [value, allowed, remedy]) expect(words.length).toBeGreaterThan(2);
  expect(problemsOfChange(passing)).toEqual([]);
});

test.each(["Europe/Kyiv", "Etc/UTC", "US/Eastern", "Asia/Kolkata", "America/Port-au-Prince"])(
  "%s is a time zone",
  (timeZone) => {
    const { environment } = loadFleet(changedSource({ extras: { timeZone } })).mirrors[0] ?? {};
    expect(environment?.extras?.timeZone).toBe(timeZone);
  },
);

test("a key is kept without the line break of its file", () => {
  const { environment } = loadFleet(changedSource(key("alice", `${KEY} Alice B. (laptop)\r\n`))).reference;
  expect(environment.operators.sshKeys.alice).toBe(`${KEY} Alice B. (laptop)`);
  expect(environmentFile(environment).SSH_KEYS?.split("|")[0]).toBe(`${KEY} Alice B. (laptop)`);
});
