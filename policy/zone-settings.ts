import type { Json } from "../parity/json.ts";

const switches = [
  "0rtt",
  "always_online",
  "always_use_https",
  "automatic_https_rewrites",
  "brotli",
  "browser_check",
  "development_mode",
  "early_hints",
  "email_obfuscation",
  "hotlink_protection",
  "http3",
  "ip_geolocation",
  "ipv6",
  "opportunistic_encryption",
  "opportunistic_onion",
  "rocket_loader",
  "server_side_exclude",
  "tls_client_auth",
  "websockets",
];

/**
 * Settings of a zone by id, and the values each takes; null where the value is a number or an object.
 * Source: the setting types of Cloudflare's public Go SDK (cloudflare-go v6, zones/setting.go).
 */
export const ZONE_SETTINGS: Readonly<Record<string, readonly Json[] | null>> = {
  ...Object.fromEntries(switches.map((id) => [id, ["on", "off"]])),
  cache_level: ["aggressive", "basic", "simplified"],
  min_tls_version: ["1.0", "1.1", "1.2", "1.3"],
  pseudo_ipv4: ["off", "add_header", "overwrite_header"],
  security_level: ["off", "essentially_off", "low", "medium", "high", "under_attack"],
  ssl: ["off", "flexible", "full", "strict", "origin_pull"],
  tls_1_3: ["on", "off", "zrt"],
  browser_cache_ttl: null,
  challenge_ttl: null,
  ciphers: null,
  security_header: null,
};
