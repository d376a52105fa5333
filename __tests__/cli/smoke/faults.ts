import {
  certify,
  hosts,
  reloadCaddy,
  rewrite,
  setUpstreamFaults,
  smokeMachine,
  smokeValues,
} from "./edge.ts";

export interface Fault {
  readonly name: string;
  plant(): void | Promise<void>;
  /** Kinds that are red with it and no others. */
  readonly kinds: readonly string[];
  /** In one of the red lines. */
  readonly reason: string;
  readonly args?: readonly string[];
}

const caddy = (file: string, from: string | RegExp, to: string) => (): void => {
  rewrite(file, from, to);
  reloadCaddy();
};
const certificate = (name: string, days: number) => async (): Promise<void> => {
  await certify(name, days);
  reloadCaddy();
};

/** Faults of Caddy, its certificate and the firewall. */
export const EDGE_FAULTS: readonly Fault[] = [
  {
    name: "no HSTS",
    plant: caddy("snippets.caddy", />Strict-Transport-Security.*/g, ""),
    kinds: ["headers"],
    reason: `${hosts.site}: / (200): strict-transport-security comes 0 times, not once`,
  },
  {
    name: "a header twice",
    plant: caddy("snippets.caddy", ">X-Frame-Options DENY", "+X-Frame-Options DENY\n+X-Frame-Options DENY"),
    kinds: ["headers"],
    reason: "x-frame-options comes 2 times, not once",
  },
  {
    name: "no content policy",
    plant: caddy("snippets.caddy", /\?Content-Security-Policy.*/g, ""),
    kinds: ["headers"],
    reason: `${hosts.site}: / (200): content-security-policy comes 0 times, not once`,
  },
  {
    name: "a weak content policy",
    plant: caddy("snippets.caddy", "object-src 'none'", "object-src *"),
    kinds: ["headers"],
    reason: 'content-security-policy: object-src is "*"',
  },
  {
    name: "a Server header",
    plant: caddy("snippets.caddy", "-Server", ""),
    kinds: ["headers"],
    reason: "server reveals what runs here",
  },
  {
    name: "open admin hosts",
    plant: caddy("sites.caddy", "import office_only", ""),
    kinds: ["office"],
    reason: `${hosts.iamAdmin}: answers 200 to a request from outside, not 403`,
  },
  {
    name: "a claimed address is believed",
    plant: () => reloadCaddy({ ...smokeValues, CLOUDFLARE_RANGES: "203.0.113.0/24" }),
    kinds: ["office"],
    reason: `${hosts.ciamAdmin}: answers 200 to a request from outside that claims an office address, not 403`,
  },
  {
    name: "password rules open",
    plant: caddy("sites.caddy", " /api/policy/password*", ""),
    kinds: ["closed"],
    reason: `${hosts.ciam}: /api/policy/password answers 200, not 404`,
  },
  {
    name: "no plain http",
    plant: caddy("Caddyfile", "auto_https disable_certs", "auto_https off"),
    kinds: ["https"],
    reason: "ECONNREFUSED",
  },
  {
    name: "plain http leads elsewhere",
    plant: caddy(
      "Caddyfile",
      "import sites.caddy",
      "import sites.caddy\nhttp://{$SITE_HOST} {\nredir https://evil.example{uri}\n}",
    ),
    kinds: ["https"],
    reason: `leads to https://evil.example/smoke?of=https, not to https://${hosts.site}/smoke?of=https`,
  },
  {
    name: "an expired certificate",
    plant: certificate("*.your-app.com", -1),
    kinds: [
      "tls",
      "headers",
      "discovery",
      "jwks",
      "health",
      "version",
      "closed",
      "office",
      "login page",
      "login",
    ],
    reason: `tls ${hosts.site}: certificate has expired`,
  },
  {
    name: "a certificate near its end",
    plant: certificate("*.your-app.com", 10),
    kinds: ["tls"],
    reason: "in 9 days; at least 30 are required",
  },
  {
    name: "a certificate for another name",
    plant: certificate("*.example.com", 90),
    kinds: [
      "tls",
      "headers",
      "discovery",
      "jwks",
      "health",
      "version",
      "closed",
      "office",
      "login page",
      "login",
    ],
    reason: `Host: ${hosts.site}. is not in the cert's altnames: DNS:*.example.com`,
  },
  {
    name: "Hydra is down",
    plant: caddy("sites.caddy", "ciam-hydra 5002", "ciam-hydra 5999"),
    kinds: ["headers", "discovery", "jwks", "health", "closed", "login page", "login"],
    reason: `health ${hosts.ciamOauth}: https://${hosts.ciamOauth}/health/ready: no complete response within 8 s`,
  },
  {
    name: "no limit",
    plant: () => reloadCaddy({ ...smokeValues, RATE_LIMIT_LOGIN_EVENTS: "1000" }),
    args: ["--rate-limit"],
    kinds: ["rate limit"],
    reason: `${hosts.ciam}: POST 101 within 1m is answered 400, not 429`,
  },
  {
    name: "another limit",
    plant: () => reloadCaddy({ ...smokeValues, RATE_LIMIT_LOGIN_EVENTS: "50" }),
    args: ["--rate-limit"],
    kinds: ["rate limit"],
    reason: `${hosts.iam}: 429 after 50 POSTs; the limit is 100`,
  },
  {
    // Caddy's metrics listen on every address of its container.
    name: "no firewall",
    plant: () => void smokeMachine.outside(["nft", "flush", "ruleset"]),
    kinds: ["ports"],
    reason: "192.0.2.10: open to this address and must not be: 2020",
  },
];

const upstream = (name: string, kinds: readonly string[], reason: string): Fault => ({
  name,
  plant: () => setUpstreamFaults(name),
  kinds,
  reason,
});

/** Faults of the applications, and answers of a hostile one. */
export const UPSTREAM_FAULTS: readonly Fault[] = [
  upstream(
    "wrong issuer",
    ["discovery"],
    `issuer is https://oauth.example.com, not https://${hosts.ciamOauth}`,
  ),
  upstream("no keys", ["jwks"], "the list of keys is empty"),
  upstream("private key", ["jwks"], "publishes the private part of key one"),
  upstream("unhealthy", ["health"], `${hosts.iamOauth}/health/ready answered 500`),
  upstream("wrong version", ["version"], `${hosts.site}: runs 0.9.0, config/images.ts pins v1.1.13`),
  upstream("no client", ["login page", "login"], `${hosts.ciamOauth}/oauth2/fallbacks/error answered 404`),
  upstream("no nonce", ["login page"], "script-src has no nonce, and its policy is not the bundle's"),
  upstream("same nonce", ["login page"], "the login page sends the same nonce twice"),
  upstream("wrong password", ["login"], "the login page refused the user"),
  upstream("no tokens", ["login"], `the site got no tokens: ${hosts.site}/callback/ciam answered 502`),
  upstream("refused", ["login"], "Hydra refused: access_denied"),
  upstream("foreign redirect", ["login page", "login"], "leads to https://evil.example, which is not a host"),
  upstream("endless redirect", ["login page", "login"], "/login/ciam redirects without end"),
  upstream("no json", ["discovery"], "did not answer with JSON"),
  upstream("endless", ["discovery"], "the answer is longer than 512 KiB"),
  upstream("silent", ["discovery"], "no complete response within 8 s"),
];
