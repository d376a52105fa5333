// Plays Hera, Athena, Hydra, the site, pgAdmin and Mailpit behind the real Caddy, with the answers of the real ones
// (olympus.md 5) or with one fault. Usage: upstream.ts FILE-OF-FAULTS
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { fixtureFleet } from "../../support/fleet/fleet.ts";

const { hosts, images } =
  fixtureFleet().mirrors[0]?.environment ??
  (() => {
    throw new Error("no staging");
  })();
const [, , faultFile = ""] = process.argv;
const has = (fault: string): boolean => readFileSync(faultFile, "utf8").split("\n").includes(fault);
const plain = (tag: string): string => tag.replace(/^v/, "");
const random = (): string => randomBytes(16).toString("hex");

const json = (response: ServerResponse, body: unknown, status = 200): void => {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
};
const redirect = (response: ServerResponse, to: string, headers: Record<string, string> = {}): void => {
  response.writeHead(302, { location: to, ...headers }).end();
};
/** Hera and Athena send a policy of their own; the site and Hydra none. */
const policy = (): string => {
  const nonce = has("same nonce") ? "fixed" : random();
  const scripts = has("no nonce") ? "'self'" : `'self' 'nonce-${nonce}' 'strict-dynamic'`;
  return `default-src 'self'; script-src ${scripts}; object-src 'none'; base-uri 'self'; frame-ancestors 'none'`;
};
const page = (response: ServerResponse, html: string, status = 200): void => {
  response.writeHead(status, { "content-type": "text/html" }).end(html);
};

type RouteHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  body: URLSearchParams,
) => void;

const oauth = (host: string, login: string): Record<string, RouteHandler> => ({
  "GET /health/ready": (_, r) =>
    has("unhealthy") ? json(r, { status: "error" }, 500) : json(r, { status: "ok" }),
  "GET /.well-known/openid-configuration": (_, r) => {
    const issuer = has("wrong issuer") ? "https://oauth.example.com" : `https://${host}`;
    const ends = ["authorization_endpoint", "token_endpoint", "jwks_uri"].map((name) => [
      name,
      `https://${host}/x`,
    ]);
    if (has("endless")) endless(r);
    else if (has("silent")) r.writeHead(200).write("{");
    else if (has("no json")) r.end("<html>\u001b[31mred\u202e");
    else json(r, { issuer, ...Object.fromEntries(ends) });
  },
  "GET /.well-known/jwks.json": (_, r) => {
    const key = {
      kty: "RSA",
      kid: "one",
      n: "AQAB",
      e: "AQAB",
      ...(has("private key") ? { d: "secret" } : {}),
    };
    json(r, { keys: has("no keys") ? [] : [key] });
  },
  "GET /oauth2/auth": (_, r, url) => {
    if (has("no client")) return redirect(r, `https://${host}/oauth2/fallbacks/error?error=invalid_client`);
    if (url.searchParams.has("login_verifier"))
      return redirect(r, `https://${login}/consent?consent_challenge=${random()}`);
    if (url.searchParams.has("consent_verifier"))
      return redirect(
        r,
        `https://${hosts.site}/callback/ciam?${has("refused") ? "error=access_denied" : "code=1"}`,
      );
    redirect(r, `https://${login}/login?login_challenge=${random()}`, {
      "set-cookie": "csrf=1; Path=/; Secure",
    });
  },
});
const hera = (publicOauth: string): Record<string, RouteHandler> => ({
  "GET /health": (_, r) => json(r, { status: "ok", version: plain(images.hera.tag) }),
  "GET /api/policy/password": (_, r) => json(r, { minLength: 8 }),
  "GET /login": (_, r) => {
    const captcha = has("captcha")
      ? '<script src="https://challenges.cloudflare.com/turnstile/v0/api.js"></script>'
      : "";
    const script = has("script form") ? "<form>" : '<form method="post" action="/login">';
    page(
      r,
      `${script}${has("captcha") ? '<div class="cf-turnstile"></div>' : ""}<input name="email" type="email">
<input name="password" type="password"></form>${captcha}`,
    );
  },
  "POST /login": (_, r, _url, body) => {
    if (has("wrong password") || body.get("password") !== "right") return page(r, "no", 400);
    redirect(r, `https://${publicOauth}/oauth2/auth?login_verifier=${random()}`);
  },
  "GET /consent": (_, r) =>
    page(r, '<form method="post"><input type="hidden" name="consent_challenge" value="1"></form>'),
  "POST /consent": (_, r) => redirect(r, `https://${publicOauth}/oauth2/auth?consent_verifier=${random()}`),
});
const athena = (host: string): Record<string, RouteHandler> => ({
  "GET /": (_, r) => page(r, "identities"),
  "GET /api/health": (_, r) =>
    json(r, { status: "ok", version: has("old admin") ? "1.0.0" : plain(images.athena.tag) }),
  "GET /api/auth/login": (_, r) => {
    const proof = has("no pkce") ? "" : "&code_challenge=x&code_challenge_method=S256";
    redirect(r, `https://${hosts.iamOauth}/oauth2/auth?client_id=${host}${proof}`);
  },
});
const APPLICATIONS: Record<string, Record<string, RouteHandler>> = {
  [hosts.site]: {
    "GET /": (_, r) => page(r, "Olympus"),
    "GET /health": (_, r) =>
      json(r, { status: "ok", version: has("wrong version") ? "0.9.0" : plain(images.site.tag) }),
    "GET /login/ciam": (_, r) => {
      const to = has("foreign redirect") ? "https://evil.example" : `https://${hosts.ciamOauth}`;
      redirect(r, has("endless redirect") ? "/login/ciam" : `${to}/oauth2/auth?client_id=site-ciam-client`);
    },
    "GET /login/iam": (_, r) =>
      redirect(r, `https://${hosts.iamOauth}/oauth2/auth?client_id=site-iam-client`),
    "GET /callback/ciam": (_, r) => page(r, "", has("no tokens") ? 502 : 200),
  },
  [hosts.ciam]: hera(hosts.ciamOauth),
  [hosts.iam]: hera(hosts.iamOauth),
  [hosts.ciamOauth]: oauth(hosts.ciamOauth, hosts.ciam),
  [hosts.iamOauth]: oauth(hosts.iamOauth, hosts.iam),
  [hosts.ciamAdmin]: athena(hosts.ciamAdmin),
  [hosts.iamAdmin]: athena(hosts.iamAdmin),
  [hosts.pgadmin]: { "GET /misc/ping": (_, r) => page(r, "PING") },
  [hosts.mail]: { "GET /readyz": (_, r) => page(r, "ok") },
};

/** As config.py of pgAdmin has it, and as Mailpit 1.33.1 answers. */
const TOOL_POLICIES: Readonly<Record<string, string>> = {
  [hosts.pgadmin]: "default-src ws: http: data: blob: 'unsafe-inline' 'unsafe-eval';",
  [hosts.mail]:
    "default-src 'self'; script-src 'nonce-a'; style-src * 'unsafe-inline'; frame-src 'self'; object-src 'none'; base-uri 'self';",
};
const OWN_POLICY: readonly string[] = [hosts.ciam, hosts.iam, hosts.ciamAdmin, hosts.iamAdmin];

function endless(response: ServerResponse): void {
  const more = (): void => {
    while (response.write("x".repeat(65_536)));
    if (!response.destroyed) response.once("drain", more);
  };
  more();
}

const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const url = new URL(request.url ?? "/", `http://${request.headers.host}`);
  let body = "";
  for await (const part of request) body += part;
  if (OWN_POLICY.includes(url.hostname) && !has("no policy"))
    response.setHeader("content-security-policy", policy());
  const ofTool = TOOL_POLICIES[url.hostname];
  if (ofTool) response.setHeader("content-security-policy", ofTool);
  const answer = APPLICATIONS[url.hostname]?.[`${request.method} ${url.pathname}`];
  if (answer) answer(request, response, url, new URLSearchParams(body));
  else page(response, "not found", 404);
};
for (const port of [3000, 4000, 5000, 5002, 7002, 5050, 8025])
  createServer((request, response) => void serve(request, response)).listen(port, "127.0.0.1");
