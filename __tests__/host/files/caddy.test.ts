import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Machine, startMachine } from "./machine.ts";
import { certificates, plainValues } from "./values.ts";

// Cloudflare's edge is 127.0.5.0/24 and one IPv6 network here, the office 198.51.100.0/24.
const EDGE = "127.0.5.1";
const STRANGER = "127.0.9.1";
const values = plainValues({
  CLOUDFLARE_RANGES: "127.0.5.0/24",
  OFFICE_RANGES: "198.51.100.0/24 2001:db8:0:1::/64",
});
const { CIAM_LOGIN_HOST = "", IAM_LOGIN_HOST = "", CIAM_OAUTH_HOST = "", SITE_HOST = "" } = values;
const ADMIN_HOSTS = ["CIAM_ADMIN_HOST", "IAM_ADMIN_HOST", "PGADMIN_HOST", "MAIL_HOST"].map(
  (k) => values[k] ?? "",
);

let machine: Machine;
let log: () => string;

const start = async (env: Record<string, string>): Promise<void> => {
  log = machine.daemon(["caddy", "run", "--config", "/etc/caddy/Caddyfile", "--adapter", "caddyfile"], {
    env,
  });
  await machine.until(20, ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/443"]);
};
const reload = (env: Record<string, string>): void => {
  const done = machine.run(
    ["caddy", "reload", "--force", "--config", "/etc/caddy/Caddyfile", "--adapter", "caddyfile"],
    { env },
  );
  expect(done.err).not.toContain("Error");
};

interface Request {
  readonly host: string;
  readonly path?: string;
  readonly from?: string;
  readonly visitor?: string;
  readonly headers?: readonly string[];
  readonly args?: readonly string[];
  readonly times?: number;
}
/** Sends the request so many times; the statuses, and headers and body of the last. */
const send = (r: Request): { statuses: string[]; text: string } => {
  const url = `https://${r.host}${r.path ?? "/login"}${r.times ? `${r.path?.includes("?") ? "&" : "?"}n=[1-${r.times}]` : ""}`;
  const headers = [...(r.visitor ? [`CF-Connecting-IP: ${r.visitor}`] : []), ...(r.headers ?? [])];
  const result = machine.outside([
    ...["curl", "-sS", "-k", "-i", "-w", "\n@@%{http_code}\n", "--interface", r.from ?? EDGE],
    ...[
      "--cert",
      join(machine.root, "pull/cloudflare.crt"),
      "--key",
      join(machine.root, "pull/cloudflare.key"),
    ],
    ...["--resolve", `${r.host}:443:127.0.0.1`, ...headers.flatMap((h) => ["-H", h]), ...(r.args ?? []), url],
  ]);
  const parts = result.out.split(/\n@@(\d{3})\n/);
  const statuses = parts.filter((_, i) => i % 2 === 1);
  return { statuses, text: `${parts.at(-3) ?? ""}${result.err}` };
};
const post = (r: Request) => send({ args: ["-X", "POST", "-d", "x=1"], ...r });
const tally = (statuses: string[]): string =>
  [...new Set(statuses)].map((s) => `${statuses.filter((x) => x === s).length}x${s}`).join(" ");

// Answers with what it was sent, under the two ways an application may name things.
const UPSTREAM = `{
  auto_https off
  admin off
}
http://:3000, http://:4000, http://:5000, http://:5002, http://:7002, http://:5050, http://:8025 {
  header X-Frame-Options SAMEORIGIN
  handle /body {
    reverse_proxy 127.0.0.1:9
  }
  header X-Powered-By app
  header Location "https://app.example/cb?code=location-secret"
  respond "port={http.request.local.port} real={header.X-Real-IP} forwarded={header.X-Forwarded-For} xfh={header.X-Forwarded-Host} xfp={header.X-Forwarded-Proto} cf={header.CF-Connecting-IP} tc={header.True-Client-IP}" 200
}
`;

beforeAll(async () => {
  machine = await startMachine(["caddy"]);
  machine.put("caddy", "/etc/caddy");
  certificates(join(machine.root, "pull"), "origin-pull-ca", { cloudflare: "DNS:cloudflare" });
  certificates(join(machine.root, "stranger"), "stranger-ca", { cloudflare: "DNS:cloudflare" });
  certificates(join(machine.root, "etc/olympus/tls"), "origin-ca", { origin: "DNS:*.your-app.com" });
  machine.put(join(machine.root, "pull/origin-pull-ca.crt"), "/etc/olympus/tls/origin-pull-ca.pem");
  writeFileSync(join(machine.root, "etc/upstream"), UPSTREAM);
  machine.daemon(["caddy", "run", "--config", "/etc/upstream", "--adapter", "caddyfile"]);
  await start(values);
});
afterAll(() => machine?.stop());

describe("the file", () => {
  const validate = (env: Record<string, string>) =>
    machine.run(["caddy", "validate", "--config", "/etc/caddy/Caddyfile", "--adapter", "caddyfile"], { env });

  it("is valid with every value, and formatted", () => {
    expect(validate(values)).toMatchObject({ code: 0 });
    for (const file of ["Caddyfile", "snippets.caddy", "sites.caddy"]) {
      expect(machine.run(["caddy", "fmt", "--diff", `/etc/caddy/${file}`]).code, file).toBe(0);
    }
  });
  it.each(["CIAM_LOGIN_HOST", "RATE_LIMIT_LOGIN_EVENTS", "ORIGIN_PULL_CA", "ORIGIN_PULL_MODE"])(
    "is refused without %s",
    (key) => {
      const { [key]: _, ...rest } = values;
      expect(validate(rest).code).toBe(1);
    },
  );
});

describe("limits", () => {
  it("answers the 11th POST of a minute with 429 and Retry-After at 10 in 1m", () => {
    const { statuses, text } = post({ host: CIAM_LOGIN_HOST, visitor: "203.0.113.1", times: 11 });
    expect(tally(statuses)).toBe("10x200 1x429");
    expect(text).toMatch(/retry-after: (60|59)\r/i);
    expect(text).toMatch(/strict-transport-security/i);
  });
  it("does not count GET", () => {
    expect(tally(send({ host: CIAM_LOGIN_HOST, visitor: "203.0.113.2", times: 30 }).statuses)).toBe("30x200");
  });
  it("gives two visitors behind one edge address a bucket each", () => {
    expect(tally(post({ host: CIAM_LOGIN_HOST, visitor: "203.0.113.3", times: 11 }).statuses)).toBe(
      "10x200 1x429",
    );
    expect(tally(post({ host: CIAM_LOGIN_HOST, visitor: "203.0.113.4", times: 10 }).statuses)).toBe("10x200");
  });
  it("does not believe headers from outside Cloudflare", () => {
    const statuses = Array.from({ length: 12 }, (_, i) => {
      const forged = [`X-Forwarded-For: 192.0.2.${i}`, `True-Client-IP: 192.0.2.${i}`];
      return (
        post({ host: CIAM_LOGIN_HOST, from: STRANGER, visitor: `192.0.2.${i}`, headers: forged })
          .statuses[0] ?? ""
      );
    });
    expect(tally(statuses)).toBe("10x200 2x429");
  });
  it("does not believe a second header through Cloudflare", () => {
    const statuses = Array.from({ length: 12 }, (_, i) => {
      const forged = [`X-Forwarded-For: 192.0.2.${i}`, `X-Real-IP: 192.0.2.${i}`];
      return post({ host: CIAM_LOGIN_HOST, visitor: "203.0.113.5", headers: forged }).statuses[0] ?? "";
    });
    expect(tally(statuses)).toBe("10x200 2x429");
  });
  it("takes one IPv6 /64 for one visitor, and the next for another", () => {
    const of = (address: string) => post({ host: CIAM_LOGIN_HOST, visitor: address }).statuses[0] ?? "";
    const same = [
      "2001:db8:1:2::1",
      "2001:db8:1:2:3:4:5:6",
      "2001:db8:1:2:ffff::",
      ...Array(7).fill("2001:db8:1:2::9"),
    ];
    expect(tally(same.map(of))).toBe("10x200");
    expect(of("2001:db8:1:2:a:b:c:d")).toBe("429");
    expect(of("2001:db8:1:3::1")).toBe("200");
  });
  it("counts a POST to any page, since a server action can be called on any", () => {
    const visitor = "203.0.113.6";
    expect(tally(post({ host: CIAM_LOGIN_HOST, visitor, path: "/consent", times: 10 }).statuses)).toBe(
      "10x200",
    );
    expect(post({ host: CIAM_LOGIN_HOST, visitor, path: "/LOGIN" }).statuses).toEqual(["429"]);
  });
  it("keeps zones, hosts and paths apart", () => {
    const visitor = "203.0.113.7";
    expect(tally(post({ host: CIAM_LOGIN_HOST, visitor, path: "/recovery", times: 6 }).statuses)).toBe(
      "5x200 1x429",
    );
    expect(tally(post({ host: CIAM_LOGIN_HOST, visitor, path: "/registration", times: 6 }).statuses)).toBe(
      "5x200 1x429",
    );
    expect(tally(post({ host: CIAM_LOGIN_HOST, visitor, times: 10 }).statuses)).toBe("10x200");
    expect(tally(post({ host: IAM_LOGIN_HOST, visitor, times: 11 }).statuses)).toBe("10x200 1x429");
    expect(tally(post({ host: CIAM_OAUTH_HOST, visitor, path: "/oauth2/token", times: 61 }).statuses)).toBe(
      "60x200 1x429",
    );
  });
  it("answers the 101st at 100 in 1m, the value of staging", () => {
    reload({ ...values, RATE_LIMIT_LOGIN_EVENTS: "100" });
    expect(tally(post({ host: CIAM_LOGIN_HOST, visitor: "203.0.113.8", times: 101 }).statuses)).toBe(
      "100x200 1x429",
    );
    reload(values);
  });
});

describe("hosts for operators", () => {
  it.each(ADMIN_HOSTS)("%s is closed outside the office and open inside", (host) => {
    const path = "/";
    expect(send({ host, path, visitor: "203.0.113.9" }).statuses).toEqual(["403"]);
    expect(send({ host, path, from: STRANGER, visitor: "198.51.100.7" }).statuses).toEqual(["403"]);
    expect(send({ host, path, visitor: "198.51.100.7" }).statuses).toEqual(["200"]);
    expect(send({ host, path, visitor: "2001:db8:0:1::5" }).statuses).toEqual(["200"]);
  });
  it("answers 404 for mail where no mail sandbox runs", () => {
    reload({ ...values, MAIL_SANDBOX: "0" });
    expect(send({ host: values.MAIL_HOST ?? "", path: "/", visitor: "198.51.100.7" }).statuses).toEqual([
      "404",
    ]);
    reload(values);
  });
});

describe("routes and headers", () => {
  it.each([
    ["GET", "/self-service/methods/oidc/callback/google", "port=5000"],
    ["POST", "/self-service/methods/oidc/callback/apple", "port=5000"],
    ["GET", "/login", "port=3000"],
    ["GET", "/self-service/login/api", "404 "],
    ["DELETE", "/self-service/methods/oidc/callback/google", "404 "],
    ["GET", "/api/policy/password", "404 "],
  ])("%s %s of the customers' login host leads to %s", (method, path, where) => {
    const { text } = send({ host: CIAM_LOGIN_HOST, visitor: "203.0.113.10", path, args: ["-X", method] });
    expect(text).toContain(where);
  });
  it("hands the true visitor on and drops what was forged", () => {
    const headers = [
      "X-Forwarded-For: 1.1.1.1",
      "X-Real-IP: 1.1.1.1",
      "True-Client-IP: 1.1.1.1",
      "X-Forwarded-Host: evil.example",
      "X-Forwarded-Proto: http",
    ];
    const { text } = send({ host: SITE_HOST, path: "/", visitor: "203.0.113.11", headers });
    expect(text).toContain(
      `real=203.0.113.11 forwarded=203.0.113.11 xfh=${SITE_HOST} xfp=https cf=203.0.113.11 tc=`,
    );
    expect(text).not.toContain("1.1.1.1");
  });
  it("sends each security header once", () => {
    const { text } = send({ host: SITE_HOST, path: "/", visitor: "203.0.113.11" });
    const names = [
      "strict-transport-security",
      "x-frame-options",
      "x-content-type-options",
      "referrer-policy",
      "permissions-policy",
      "content-security-policy",
    ];
    for (const name of names) expect(text.match(new RegExp(`^${name}:`, "gim")), name).toHaveLength(1);
    expect(text).toMatch(/x-frame-options: DENY/i);
    expect(text).not.toMatch(/^(server|x-powered-by):/im);
  });
  it("refuses bodies over 1 MB and headers over 16 KB", () => {
    writeFileSync(join(machine.root, "tmp/large"), Buffer.alloc(1_100_000));
    const args = ["--data-binary", `@${join(machine.root, "tmp/large")}`];
    const large = (bytes: number) => [`X-Large: ${"x".repeat(bytes)}`];
    const request = { host: SITE_HOST, path: "/", visitor: "203.0.113.12" };
    expect(send({ ...request, headers: large(10_000) }).statuses).toEqual(["200"]);
    expect(send({ ...request, headers: large(40_000) }).statuses).not.toEqual(["200"]);
    expect(post({ ...request, path: "/body", args }).statuses).toEqual(["413"]);
  });
});

describe("the door", () => {
  const bare = (...args: string[]) =>
    machine.outside(["curl", "-sS", "-k", "-o", "/dev/null", "-w", "%{http_code}", ...args]);
  const at = ["--resolve", `${SITE_HOST}:443:127.0.0.1`, `https://${SITE_HOST}/`];
  const pull = (folder: string) => [
    "--cert",
    join(machine.root, folder, "cloudflare.crt"),
    "--key",
    join(machine.root, folder, "cloudflare.key"),
  ];

  it("opens to Cloudflare's certificate only", () => {
    expect(bare(...pull("pull"), ...at).out).toBe("200");
    expect(bare(...at).code).not.toBe(0);
    expect(bare(...pull("stranger"), ...at).code).not.toBe(0);
  });
  it("speaks TLS 1.2 and newer", () => {
    expect(bare(...pull("pull"), "--tls-max", "1.2", ...at).out).toBe("200");
    const old = ["--tls-max", "1.1", "--tlsv1.0", "--ciphers", "DEFAULT:@SECLEVEL=0"];
    expect(bare(...pull("pull"), ...old, ...at).code).not.toBe(0);
  });
  it("closes the connection for a name it does not have", () => {
    const other = ["--resolve", "other.your-app.com:443:127.0.0.1", "https://other.your-app.com/"];
    expect(bare(...pull("pull"), ...other)).toMatchObject({ out: "000" });
  });
  it("sends http to https", () => {
    const plain = bare(
      "--resolve",
      `${SITE_HOST}:80:127.0.0.1`,
      "-w",
      " %{redirect_url}",
      `http://${SITE_HOST}/a`,
    );
    expect(plain.out).toContain(`https://${SITE_HOST}/a`);
  });
  it("shows metrics and health where only the machine can look", () => {
    expect(machine.outside(["curl", "-s", "http://127.0.0.1:2020/metrics"]).out).toContain(
      "caddy_http_requests_total",
    );
    expect(bare("http://127.0.0.1:2020/health").out).toBe("200");
  });
});

describe("the access log", () => {
  it("holds requests, and none of their secrets", async () => {
    const secret = "q9-secret";
    const headers = [
      `Cookie: s=${secret}`,
      `Authorization: Bearer ${secret}`,
      `X-Session-Token: ${secret}`,
      `Referer: https://x.example/?code=${secret}`,
    ];
    const request = {
      host: CIAM_OAUTH_HOST,
      visitor: "203.0.113.13",
      path: `/seen-path?code=${secret}&state=${secret}`,
      headers,
    };
    send(request);
    send({ ...request, host: ADMIN_HOSTS[0] ?? "" });
    await expect.poll(() => log().match(/seen-path/g)?.length).toBeGreaterThanOrEqual(2);
    const text = log();
    expect(text).toContain('"client_ip":"203.0.113.13"');
    expect(text).not.toContain(secret);
    expect(text).not.toContain("location-secret");
  });
});
