import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { childEnvironment } from "../../../lib/process-env.ts";
import { Checkout } from "../../support/checkout.ts";

// A zone that had mail before it came here, and a configuration that wants to keep its records.
const ZONE = "zones/00000000000000000000000000000001/dns_records";
const STACK = "zone-your-app-com";
const THEIRS = '"v=spf1 include:_spf.google.com ~all"';
const KEY = `k=rsa; p=${"A".repeat(360)}`;
const BLOCK = `dns: {
    caa: ["letsencrypt.org"],
    mail: {
      spf: { terms: ["include:spf.mtasv.net"], others: "softfail" },
      dkim: { pm: "${KEY}", ses: "ses.dkim.amazonses.com" },
      dmarc: { policy: "none", reports: "dmarc@your-app.com" },
    },
  },
  oidcProviders`;

const MERGED = BLOCK.replace('["include', '["include:_spf.google.com", "include');

const checkout = new Checkout();
const folder = mkdtempSync(join(tmpdir(), "olympus-zone-records-"));
const olympus = async (...args: string[]) => {
  const { exitCode, stdout, stderr } = await execa("node", ["scripts/run.mjs", ...args], {
    cwd: checkout.root,
    env: childEnvironment({ OLYMPUS_SANDBOX_DIR: folder, CI: "1" }),
    ...{ extendEnv: false, reject: false, stdin: "ignore" },
  });
  return { exitCode, stdout, stderr };
};
const inSandbox = (...args: string[]) => olympus("sandbox", "run", "--", ...args);

interface DnsRecord {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly content: string;
}
async function cloudflare<T = DnsRecord>(method: string, path: string, body?: unknown): Promise<T> {
  const { cloudflareUrl, tokens } = JSON.parse(readFileSync(join(folder, "session.json"), "utf8")) as {
    readonly cloudflareUrl: string;
    readonly tokens: Record<string, string>;
  };
  const answer = await fetch(`${cloudflareUrl}/client/v4/${path}`, {
    method,
    headers: { authorization: `Bearer ${tokens.cloudflare_token_zone_your_app_com}` },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(await answer.text());
  return ((await answer.json()) as { result: T }).result;
}
const add = (type: string, name: string, content: string | object) =>
  cloudflare("POST", ZONE, {
    ...{ type, name, ttl: 300 },
    ...(typeof content === "string" ? { content } : { data: content }),
  });
/** What the zone says about certificates and mail, a line each. */
const said = async (): Promise<string[]> =>
  (await cloudflare<DnsRecord[]>("GET", `${ZONE}?per_page=500`))
    .filter(({ type, name }) => ["TXT", "CAA"].includes(type) || name.includes("_domainkey"))
    .map(({ name, type, content }) => `${name} ${type} ${content}`)
    .sort();

const VERIFICATION = 'your-app.com TXT "google-site-verification=abc"';
let theirs: DnsRecord;

beforeAll(async () => {
  checkout.plant("config/base.ts", "oidcProviders", BLOCK);
  expect((await olympus("sandbox", "up")).exitCode).toBe(0);
  theirs = await add("TXT", "your-app.com", THEIRS);
  await add("TXT", "your-app.com", '"google-site-verification=abc"');
});
afterAll(async () => {
  await olympus("sandbox", "down");
  checkout.remove();
  rmSync(folder, { recursive: true, force: true });
});

describe.sequential("a zone's own records", () => {
  test("an SPF of others is refused before anything is written, with what to do", async () => {
    const { exitCode, stderr } = await olympus("provision", "staging", "--sandbox");
    expect([exitCode, stderr]).toEqual([
      1,
      expect.stringContaining(
        `! refused: cloudflare_dns_record your-app.com: TXT ${THEIRS} is not in the state`,
      ),
    ]);
    expect(stderr).toContain("write its terms into dns.mail.spf.terms of config/base.ts");
    expect(stderr).toContain(
      `terraform import 'cloudflare_dns_record.dns-spf' ${ZONE.split("/")[1]}/${theirs.id}`,
    );
    expect(stderr).toContain(`Nothing of ${STACK} was changed.`);
    expect(await said()).toEqual([VERIFICATION, `your-app.com TXT ${THEIRS}`]);
    expect(existsSync(join(folder, "state", `${STACK}.tfstate`))).toBe(false);
  });

  test("a plan says the same", async () => {
    const { exitCode, stdout } = await inSandbox("node", "scripts/run.mjs", "plan", STACK);
    expect([exitCode, stdout]).toEqual([
      1,
      expect.stringContaining(`! refused: cloudflare_dns_record your-app.com`),
    ]);
  });

  test("with its terms taken over and itself imported as the line says, it becomes ours, and a second plan is empty", async () => {
    checkout.plant("config/base.ts", BLOCK, MERGED);
    const imported = await inSandbox(
      "terraform",
      `-chdir=${join(folder, "cdktf.out/stacks", STACK)}`,
      ...["import", "-input=false", "cloudflare_dns_record.dns-spf", `${ZONE.split("/")[1]}/${theirs.id}`],
    );
    expect([imported.exitCode, imported.stdout + imported.stderr]).toEqual([0, expect.any(String)]);
    const { exitCode, stderr } = await olympus("provision", "staging", "--sandbox");
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining(`plan ${STACK} again`)]);
    expect(await said()).toEqual(
      [
        VERIFICATION,
        `your-app.com TXT "v=spf1 include:_spf.google.com include:spf.mtasv.net ~all"`,
        'your-app.com CAA 0 issue "letsencrypt.org"',
        `pm._domainkey.your-app.com TXT "${KEY.slice(0, 255)}" "${KEY.slice(255)}"`,
        "ses._domainkey.your-app.com CNAME ses.dkim.amazonses.com",
        '_dmarc.your-app.com TXT "v=DMARC1; p=none; rua=mailto:dmarc@your-app.com"',
      ].sort(),
    );
    expect((await cloudflare("GET", `${ZONE}/${theirs.id}`)).content).toContain("include:spf.mtasv.net");
  });

  test("a second run changes nothing", async () => {
    const { exitCode, stdout } = await olympus("provision", "staging", "--sandbox");
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining("nothing was changed by this run.")]);
  });

  test("an authority of others is named and stops nothing; a second SPF or DMARC is refused again", async () => {
    await add("CAA", "your-app.com", { flags: 0, tag: "issue", value: "digicert.com" });
    const named = await inSandbox("node", "scripts/run.mjs", "plan", STACK);
    expect([named.exitCode, named.stdout]).toEqual([
      2,
      expect.stringMatching(/\? left over: .*digicert\.com.*\n.*it lets others issue/),
    ]);
    await add("TXT", "your-app.com", "v=spf1 mx -all");
    await add("CNAME", "_dmarc.your-app.com", "your-app.com.dmarc.example");
    const before = await said();
    const { exitCode, stderr } = await olympus("provision", "staging", "--sandbox");
    expect([exitCode, stderr]).toEqual([
      1,
      expect.stringContaining("TXT v=spf1 mx -all is not in the state"),
    ]);
    expect(stderr).toContain("CNAME your-app.com.dmarc.example");
    expect(stderr.match(/remove it at the provider: the state has another one/g)).toHaveLength(2);
    expect(await said()).toEqual(before);
  });

  test("without the block its records go, and those of others stay", async () => {
    checkout.plant("config/base.ts", MERGED, "oidcProviders");
    const { exitCode, stderr } = await olympus("provision", "staging", "--sandbox");
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining(`plan ${STACK} again`)]);
    expect(await said()).toEqual(
      [VERIFICATION, "your-app.com TXT v=spf1 mx -all", 'your-app.com CAA 0 issue "digicert.com"'].sort(),
    );
  });
});
