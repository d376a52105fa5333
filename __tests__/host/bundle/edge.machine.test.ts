import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  ADMIN_HOSTS,
  CIAM_LOGIN_HOST,
  CIAM_OAUTH_HOST,
  closeEdge,
  edgeMachine,
  edgeValues,
  log,
  openEdge,
  post,
  SITE_HOST,
  sendRequests,
} from "./edge.ts";

beforeAll(openEdge);
afterAll(closeEdge);

describe("the file", () => {
  const validate = (env: Record<string, string>) =>
    edgeMachine.run(["caddy", "validate", "--config", "/etc/caddy/Caddyfile", "--adapter", "caddyfile"], {
      env,
    });

  it("is valid with every value, and formatted", () => {
    expect(validate(edgeValues)).toMatchObject({ code: 0 });
    for (const file of ["Caddyfile", "snippets.caddy", "sites.caddy"]) {
      expect(edgeMachine.run(["caddy", "fmt", "--diff", `/etc/caddy/${file}`]).code, file).toBe(0);
    }
  });
  it.each(["CIAM_LOGIN_HOST", "RATE_LIMIT_LOGIN_EVENTS", "ORIGIN_PULL_CA", "ORIGIN_PULL_MODE"])(
    "is refused without %s",
    (key) => {
      const { [key]: _, ...rest } = edgeValues;
      expect(validate(rest).code).toBe(1);
    },
  );
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
    const { text } = sendRequests({
      host: CIAM_LOGIN_HOST,
      visitor: "203.0.113.10",
      path,
      args: ["-X", method],
    });
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
    const { text } = sendRequests({ host: SITE_HOST, path: "/", visitor: "203.0.113.11", headers });
    expect(text).toContain(
      `real=203.0.113.11 forwarded=203.0.113.11 xfh=${SITE_HOST} xfp=https cf=203.0.113.11 tc=`,
    );
    expect(text).not.toContain("1.1.1.1");
  });
  it("sends each security header once", () => {
    const { text } = sendRequests({ host: SITE_HOST, path: "/", visitor: "203.0.113.11" });
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
  it("refuses bodies over 1 MB and headers over 64 KB", () => {
    writeFileSync(join(edgeMachine.root, "tmp/large"), Buffer.alloc(1_100_000));
    const args = ["--data-binary", `@${join(edgeMachine.root, "tmp/large")}`];
    const large = (bytes: number) => [`X-Large: ${"x".repeat(bytes)}`];
    const request = { host: SITE_HOST, path: "/", visitor: "203.0.113.12" };
    // Applications take 16 KB, as Node.js does: what Caddy lets through beyond that are cookies, which end at Caddy.
    expect(sendRequests({ ...request, headers: large(10_000) }).statuses).toEqual(["200"]);
    expect(sendRequests({ ...request, headers: large(80_000) }).statuses).not.toEqual(["200"]);
    expect(post({ ...request, path: "/body", args }).statuses).toEqual(["413"]);
  });
});

describe("the door", () => {
  const bare = (...args: string[]) =>
    edgeMachine.outside(["curl", "-sS", "-k", "-o", "/dev/null", "-w", "%{http_code}", ...args]);
  const at = ["--resolve", `${SITE_HOST}:443:127.0.0.1`, `https://${SITE_HOST}/`];
  const pull = (folder: string) => [
    "--cert",
    join(edgeMachine.root, folder, "cloudflare.crt"),
    "--key",
    join(edgeMachine.root, folder, "cloudflare.key"),
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
    expect(edgeMachine.outside(["curl", "-s", "http://127.0.0.1:2020/metrics"]).out).toContain(
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
    sendRequests(request);
    sendRequests({ ...request, host: ADMIN_HOSTS[0] ?? "" });
    await expect.poll(() => log().match(/seen-path/g)?.length).toBeGreaterThanOrEqual(2);
    const text = log();
    expect(text).toContain('"client_ip":"203.0.113.13"');
    expect(text).not.toContain(secret);
    expect(text).not.toContain("location-secret");
  });
});
