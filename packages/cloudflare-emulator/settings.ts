import { z } from "zod";

const onOff = z.enum(["on", "off"]);
const seconds = z.number().int().nonnegative();

/** Seconds that a solved challenge may count (the SDK's ChallengeTTLValue). */
const challengeTtls = [
  300, 900, 1800, 2700, 3600, 7200, 10_800, 14_400, 28_800, 57_600, 86_400, 604_800, 2_592_000, 31_536_000,
];

/**
 * Settings of a zone: what each accepts (the setting types of cloudflare-go v6.10, zones/setting.go) and what a new
 * zone has here. The initial values are ours: Cloudflare publishes them only in part.
 */
const settings: Record<string, { readonly accepts: z.ZodType; readonly initial: unknown }> = {
  always_online: { accepts: onOff, initial: "off" },
  always_use_https: { accepts: onOff, initial: "off" },
  automatic_https_rewrites: { accepts: onOff, initial: "on" },
  brotli: { accepts: onOff, initial: "on" },
  browser_cache_ttl: { accepts: seconds.max(31_536_000), initial: 14_400 },
  browser_check: { accepts: onOff, initial: "on" },
  cache_level: {
    accepts: z.enum(["bypass", "basic", "simplified", "aggressive", "cache_everything"]),
    initial: "aggressive",
  },
  challenge_ttl: { accepts: z.literal(challengeTtls), initial: 1800 },
  development_mode: { accepts: onOff, initial: "off" },
  early_hints: { accepts: onOff, initial: "off" },
  email_obfuscation: { accepts: onOff, initial: "on" },
  hotlink_protection: { accepts: onOff, initial: "off" },
  http3: { accepts: onOff, initial: "on" },
  ip_geolocation: { accepts: onOff, initial: "on" },
  ipv6: { accepts: onOff, initial: "on" },
  min_tls_version: { accepts: z.enum(["1.0", "1.1", "1.2", "1.3"]), initial: "1.0" },
  opportunistic_encryption: { accepts: onOff, initial: "on" },
  opportunistic_onion: { accepts: onOff, initial: "on" },
  pseudo_ipv4: { accepts: z.enum(["off", "add_header", "overwrite_header"]), initial: "off" },
  rocket_loader: { accepts: onOff, initial: "off" },
  security_header: {
    accepts: z.object({
      strict_transport_security: z.object({
        enabled: z.boolean().optional(),
        max_age: seconds.optional(),
        include_subdomains: z.boolean().optional(),
        nosniff: z.boolean().optional(),
        preload: z.boolean().optional(),
      }),
    }),
    initial: {
      strict_transport_security: {
        enabled: false,
        max_age: 0,
        include_subdomains: false,
        nosniff: false,
        preload: false,
      },
    },
  },
  security_level: {
    accepts: z.enum(["off", "essentially_off", "low", "medium", "high", "under_attack"]),
    initial: "medium",
  },
  server_side_exclude: { accepts: onOff, initial: "on" },
  ssl: { accepts: z.enum(["off", "flexible", "full", "strict", "origin_pull"]), initial: "full" },
  tls_client_auth: { accepts: onOff, initial: "off" },
  tls_1_3: { accepts: z.enum(["on", "off", "zrt"]), initial: "on" },
  websockets: { accepts: onOff, initial: "on" },
  "0rtt": { accepts: onOff, initial: "off" },
};

/** Every setting with the value of a new zone. */
export const defaultSettings = (): [id: string, value: unknown][] =>
  Object.entries(settings).map(([id, { initial }]) => [id, initial]);

/** Whether the API would refuse the value. */
export const settingProblem = (id: string, value: unknown): boolean =>
  settings[id]?.accepts.safeParse(value).success === false;
