// biome-ignore-all lint/suspicious/noTemplateCurlyInString: sources as they stand in their files
import { afterAll, test } from "vitest";
import { PlantedCheckout, type PlantedFault } from "../support/planted.ts";

const STACK = "stacks/olympus-stack.ts";

/** What reaches the machine. */
const RELEASE: readonly PlantedFault[] = [
  [
    "a key in one environment file",
    "host/environment-file.ts",
    "SITE_HOST: hosts.site,",
    'SITE_HOST: hosts.site, ...(env.name === "staging" && { DEBUG: "1" }),',
    /env\.DEBUG/,
  ],
  [
    "a different image pin",
    "host/images.ts",
    "imageValues = ({ images }: Environment): Record<string, string> =>",
    'imageValues = ({ images: { kratos, ...rest }, name }: Environment, images = { ...rest, kratos: name === "staging" ? { ...kratos, tag: "v25.4.0" } : kratos }): Record<string, string> =>',
    /bundle\["images\.env"\]/,
  ],
  [
    "an image that extras choose",
    "host/images.ts",
    "imageValues = ({ images }: Environment): Record<string, string> =>",
    'imageValues = ({ images: { kratos, ...rest }, extras }: Environment, images = { ...rest, kratos: extras ? { ...kratos, tag: "v25.4.0" } : kratos }): Record<string, string> =>',
    /law +bounds, cause extras/,
  ],
  [
    "a file of the bundle that names the domain",
    "host/bundle.ts",
    '{ path: "images.env", content: valueFile({ ...imageValues(env), ...tableValues(env) }), mode: 0o644 },',
    '{ path: "images.env", content: valueFile({ ...imageValues(env), ...tableValues(env) }), mode: 0o644 }, { path: "domain", content: env.domain, mode: 0o644 },',
    /law +bounds, cause domain/,
  ],
  [
    "a file that only extras may run",
    "host/bundle.ts",
    '{ path: "images.env", content: valueFile({ ...imageValues(env), ...tableValues(env) }), mode: 0o644 },',
    '{ path: "images.env", content: valueFile({ ...imageValues(env), ...tableValues(env) }), mode: env.extras ? 0o755 : 0o644 },',
    /bundle\["images\.env"\]\.mode/,
  ],
  [
    "a limit that no overlay names",
    "host/environment-file.ts",
    "...rateLimitValues(env.rateLimits),",
    "...rateLimitValues(env.rateLimits), RATE_LIMIT_TOKEN_EVENTS: String(env.rateLimits.login.events),",
    /RATE_LIMIT_TOKEN_EVENTS[\s\S]*cause rateLimits/,
  ],
  [
    "a limit that is none",
    "host/environment-file.ts",
    "String(events)],",
    "String(events > 50 ? 1_000_000 : events)],",
    /declared-values[\s\S]*RATE_LIMIT_LOGIN_EVENTS/,
  ],
];

const UNITS =
  "return Object.fromEntries(Object.entries(slots).map(([file, values]) => [file, unit(file, values)]));";
const unit = (name: string): PlantedFault => [
  `extras bring ${name}`,
  "host/extra-units.ts",
  UNITS,
  UNITS.replace(
    "Object.fromEntries(",
    `Object.fromEntries([["${name}", "[Service]"] as [string, string], ...`,
  ).replace("unit(file, values)]));", "unit(file, values)] as [string, string])]);"),
  /law +bounds, cause extras/,
];
const EXTRAS: readonly PlantedFault[] = [
  ...[
    "olympus.service.d/override.conf",
    "olympus.service",
    "olympus-backup.service",
    "../bin/olympus-start",
    "ssh.service",
    "olympus-x.path",
  ].map(unit),
  [
    "extras bring a Worker's route",
    STACK,
    'new Clock(this, "clock", { env, extras: env.extras });',
    'new Clock(this, "clock", { env, extras: env.extras }); new (require("@cdktf/provider-cloudflare/lib/workers-route/index.js").WorkersRoute)(this, "route", { zoneId: env.zone.id, pattern: "*/*", script: "x" });',
    /workers_route[\s\S]*law +bounds, cause extras/,
  ],
  [
    "extras bring a setting of the zone",
    STACK,
    'new Clock(this, "clock", { env, extras: env.extras });',
    'new Clock(this, "clock", { env, extras: env.extras }); new (require("@cdktf/provider-cloudflare/lib/zone-setting/index.js").ZoneSetting)(this, "x", { zoneId: env.zone.id, settingId: "ipv6", value: "off" as never });',
    /zone_setting[\s\S]*law +bounds, cause extras/,
  ],
  [
    "extras run a command at apply",
    "constructs/clock.ts",
    "observability: { enabled: true },",
    'observability: { enabled: true }, provisioners: [{ type: "local-exec", command: "id" }],',
    /provisioner/,
  ],
];

const checkout = new PlantedCheckout();
afterAll(() => checkout.remove());

test.each([...RELEASE, ...EXTRAS])("%s is refused, named and not written", async (...fault) =>
  checkout.refuses(fault),
);
