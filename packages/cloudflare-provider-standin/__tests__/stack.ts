import { type StackBlocks, standInAccountId, standInZoneId } from "./stand-in-fixture.ts";

/** A request that OpenSSL made for a key that nobody has. */
const csr = `-----BEGIN CERTIFICATE REQUEST-----
MIHLMHMCAQAwETEPMA0GA1UEAwwGb3JpZ2luMFkwEwYHKoZIzj0CAQYIKoZIzj0D
AQcDQgAEqE0Ry0O91y2QgM7+S9gfJzO5j8zjp6ea42wLLihMeAe7dQSpGMLx7p9E
LOlHfbb3Gw6b37uenGN/xVp7x4Ff/aAAMAoGCCqGSM49BAMCA0gAMEUCIQDHCW2s
BBSnpu944IIqRzDwVKxJPLmKKLb8uTqq5MZ8TgIgbq4e+xbcT0pjrc6T6nh/7Di9
F5dCix6DtZXo2gNKXxk=
-----END CERTIFICATE REQUEST-----
`;

export const worker = "export default { async scheduled(event, env) { await fetch(env.REPOSITORY) } }";

const here = { zone_id: standInZoneId };
const of = { account_id: standInAccountId };
const expression = (text: string) => `\${${text}}`;
const script_name = expression("cloudflare_workers_script.clock.script_name");
const host = { ...here, ttl: 1, proxied: true };

export const loginLimit = {
  ref: "login",
  description: "Coarse limit in front of the host",
  action: "block",
  expression: '(http.request.uri.path contains "/self-service/login")',
  ratelimit: {
    characteristics: ["ip.src", "cf.colo.id"],
    period: 10,
    mitigation_timeout: 10,
    requests_per_period: 20,
  },
};

/** Every kind that our stacks use, in the spelling of cdktf's output. */
export const everyKind = () =>
  ({
    resource: {
      cloudflare_dns_record: {
        v4: { ...host, name: "ciam.example.com", type: "A", content: "203.0.113.7" },
        v6: { ...host, name: "ciam.example.com", type: "AAAA", content: "2001:db8::7" },
        caa: {
          ...here,
          name: "example.com",
          type: "CAA",
          ttl: 300,
          data: { flags: 0, tag: "issue", value: "letsencrypt.org" },
        },
      },
      cloudflare_zone_setting: {
        ssl: { ...here, setting_id: "ssl", value: "strict" },
        ttl: { ...here, setting_id: "browser_cache_ttl", value: 0 },
        hsts: {
          ...here,
          setting_id: "security_header",
          value: { strict_transport_security: { enabled: true, max_age: 31_536_000 } },
        },
      },
      cloudflare_ruleset: {
        limits: {
          ...here,
          name: "Login backstop",
          kind: "zone",
          phase: "http_ratelimit",
          rules: [loginLimit],
        },
        cache: {
          ...here,
          name: "Never cache authentication",
          kind: "zone",
          phase: "http_request_cache_settings",
          rules: [
            {
              ref: "bypass",
              action: "set_cache_settings",
              action_parameters: { cache: false },
              expression: "true",
            },
          ],
        },
      },
      cloudflare_origin_ca_certificate: {
        origin: { csr, hostnames: ["ciam.example.com", "*.example.com"], request_type: "origin-ecc" },
      },
      cloudflare_authenticated_origin_pulls_settings: { zone: { ...here, enabled: true } },
      cloudflare_workers_script: {
        clock: {
          ...of,
          script_name: "clock",
          main_module: "clock.js",
          content: worker,
          compatibility_date: "2026-01-01",
          keep_bindings: ["secret_text"],
          bindings: [{ name: "REPOSITORY", type: "plain_text", text: "https://git.example.com" }],
          observability: { enabled: true },
        },
      },
      cloudflare_workers_cron_trigger: {
        clock: { ...of, script_name, schedules: [{ cron: "0 20 * * *" }, { cron: "0 6 * * *" }] },
      },
      cloudflare_workers_script_subdomain: { clock: { ...of, script_name, enabled: false } },
      cloudflare_workers_kv_namespace: {
        // Unknown but for its beginning: Terraform sends it as a refined unknown.
        state: { ...of, title: `clock-${expression("cloudflare_turnstile_widget.login.sitekey")}` },
      },
      cloudflare_turnstile_widget: {
        login: { ...of, name: "login", domains: ["ciam.example.com"], mode: "managed" },
      },
    },
    data: {
      cloudflare_zone: { zone: { filter: { name: "example.com" } } },
      cloudflare_ip_ranges: { edge: {} },
    },
    output: {
      zone: { value: expression("data.cloudflare_zone.zone.zone_id") },
      ranges: { value: expression("length(data.cloudflare_ip_ranges.edge.ipv4_cidrs)") },
    },
  }) satisfies StackBlocks;
