import { z } from "zod";
import { cidrProblem, isWorld } from "./cidr.ts";
import { DURATION, toSeconds } from "./duration.ts";
import { SERVER_TYPES } from "./prices.ts";

/** What a reader of a problem needs beside its path and value. */
export interface Help {
  /** What the field may hold. */
  readonly allowed: string;
  /** What to do about a wrong value. */
  readonly remedy: string;
}

const field = <S extends z.ZodType>(schema: S, allowed: string, remedy: string): S =>
  schema.meta({ allowed, remedy } satisfies Help);

const text = (allowed: string, remedy: string, pattern: RegExp) =>
  field(z.string().regex(pattern), allowed, remedy);

const HEX_ID = /^[0-9a-f]{32}$/;
const HOST_NAME = /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;
const SSH_KEY =
  /^(ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI[A-Za-z0-9+/]{43}|sk-ssh-ed25519@openssh\.com AAAA[A-Za-z0-9+/]{60,}={0,2})( [\w@.+-]+)?$/;
const LABEL = /^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/;
const EMAIL = /^[^@\s]+@[a-z0-9.-]+\.[a-z]{2,}$/;
const HTTPS_URL = /^https:\/\/[^\s/@]+(\/\S*)?$/;

const cidr = field(
  z.string().superRefine((value, ctx) => {
    const problem = cidrProblem(value) ?? (isWorld(value) ? "is the whole internet" : undefined);
    if (problem) ctx.addIssue({ code: "custom", message: problem });
  }),
  "an IPv4 or IPv6 range in canonical form, narrower than /0",
  "write the network address and its prefix length, such as 203.0.113.0/24 or 203.0.113.7/32",
);
const cidrs = field(
  z
    .array(cidr)
    .min(1)
    .refine((list) => new Set(list).size === list.length, "holds a range twice"),
  "one or more address ranges, each once",
  "name the ranges that may connect",
);

const sshKeys = field(
  z
    .record(
      text("a short name: a-z, 0-9 and -", "name the key after its owner", LABEL),
      text("an ed25519 public key, one line", "paste the .pub file of `ssh-keygen -t ed25519`", SSH_KEY),
    )
    .refine((keys) => Object.keys(keys).length > 0, "is empty"),
  "at least one key, by its owner's name",
  "add a public key: with none, nobody can reach the machine",
);

/** Minute, hour, day of month, month, day of week; one minute and one hour, week days by name. */
const DAILY_CRON =
  /^([0-5]?\d) ([01]?\d|2[0-3]) (\*|[1-9]|[12]\d|3[01]) \* (\*|(MON|TUE|WED|THU|FRI|SAT|SUN)([,-](MON|TUE|WED|THU|FRI|SAT|SUN))*)$/;
const dailyCron = text(
  "five cron fields with one minute and one hour; days of the week by name",
  'write it such as "0 20 * * MON-FRI": numbers for week days mean other days at Cloudflare than in cron',
  DAILY_CRON,
);

const rateLimit = field(
  z.strictObject({
    events: field(
      z.int().min(1).max(10_000),
      "a whole number from 1 to 10000",
      "count the requests one visitor may make in a window",
    ),
    window: field(
      z
        .string()
        .regex(DURATION, { abort: true })
        .refine((w) => toSeconds(w) <= 86_400, "is longer than 24h"),
      "a duration: a whole number and s, m or h, at most 24h",
      'write it such as "10s" or "1m"',
    ),
  }),
  "events and window",
  'write it such as { events: 10, window: "1m" }',
);
const rateLimits = z.strictObject({
  login: rateLimit,
  recovery: rateLimit,
  registration: rateLimit,
  token: rateLimit,
});

const image = field(
  z.strictObject({
    name: text(
      "registry, path and name without a tag",
      "write it such as docker.io/library/postgres",
      /^[a-z0-9.-]+\.[a-z]+(\/[a-z0-9._-]+)+$/,
    ),
    tag: text(
      "a fixed tag, never latest",
      "pin the version that both environments run",
      /^(?!latest$)[\w][\w.-]{0,127}$/,
    ),
    digest: text(
      "sha256: and 64 hex digits",
      "copy it from the registry, or leave it out; never invent one",
      /^sha256:[0-9a-f]{64}$/,
    ).optional(),
    architectures: field(
      z.array(z.enum(["arm64", "amd64"])).min(1),
      "arm64, amd64 or both",
      "look at the image's manifest",
    ),
  }),
  "name, tag, architectures and, once locked, digest",
  "pin the image that both environments run",
);

const state = field(
  z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("local") }),
    z.strictObject({
      kind: z.literal("s3"),
      bucket: text(
        "a bucket name",
        "create the bucket first; Terraform cannot keep its state in what it creates",
        /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
      ),
      region: text("a region name, or auto", "copy it from the provider of the bucket", /^[a-z0-9-]+$/),
      endpoint: text("an https URL", "copy it from the provider of the bucket", HTTPS_URL).optional(),
    }),
  ]),
  '{ kind: "local" } or { kind: "s3", bucket, region, endpoint? }',
  "choose where Terraform keeps its state",
);

export const baseSchema = z.strictObject({
  zones: field(
    z
      .record(
        text("a zone name", "write the apex, such as your-app.com", HOST_NAME),
        text("32 hex characters", "copy it from the zone's overview page at Cloudflare", HEX_ID),
      )
      .refine((zones) => Object.keys(zones).length > 0, "is empty"),
    "zone names with their ids",
    "name every zone that an environment's domain is in",
  ),
  cloudflareAccountId: text(
    "32 hex characters",
    "copy it from the account's overview page at Cloudflare",
    HEX_ID,
  ),
  cloudflarePlan: field(
    z.enum(["free", "pro", "business"]),
    "free, pro or business",
    "the plan limits the rules a zone may hold",
  ),
  repository: text(
    "owner/name",
    "the GitHub repository whose workflows the clock calls",
    /^[\w.-]+\/[\w.-]+$/,
  ),
  location: field(
    z.enum(["fsn1", "nbg1", "hel1"]),
    "fsn1, nbg1 or hel1 (where Hetzner has ARM servers)",
    "choose one place for server, volume and addresses",
  ),
  image: field(
    z.literal("debian-13"),
    "debian-13 (the image whose boot is tested)",
    "change the boot test with it",
  ),
  volumeGb: field(
    z.int().min(10).max(10_240),
    "a whole number from 10 to 10240 (GB)",
    "choose the size of the data volume; it can grow and never shrink",
  ),
  operators: z.strictObject({ sshKeys, cidrs }),
  developers: z.strictObject({ sshKeys }),
  office: z.strictObject({ cidrs }),
  images: z.strictObject({
    postgres: image,
    kratos: image,
    hydra: image,
    caddy: image,
    hera: image,
    athena: image,
    site: image,
    pgadmin: image,
    mailpit: image,
    postgresExporter: image,
    nodeExporter: image,
  }),
  rateLimits,
  email: z.strictObject({
    provider: field(
      z.enum(["postmark", "ses", "smtp"]),
      "postmark, ses or smtp",
      "name who relays the mail; its URI is a secret",
    ),
    senderName: text("a display name", "as people see it in their inbox", /^[\p{L}\p{N} .&-]{1,64}$/u),
  }),
  oidcProviders: field(
    z
      .array(z.enum(["google", "apple"]))
      .refine((list) => new Set(list).size === list.length, "names a provider twice"),
    "any of google, apple",
    "name the providers people may log in with",
  ),
  backup: z.strictObject({
    onCalendar: text(
      "a systemd calendar time",
      'write it such as "*-*-* 03:00:00"',
      /^\*-\*-\* \d\d:\d\d:00$/,
    ),
    endpoint: text("an https URL", "the S3-compatible store; never at the place of the server", HTTPS_URL),
    bucketPrefix: text("a-z, 0-9 and -", "the environment's name is appended", LABEL),
    keep: z.strictObject({
      daily: field(z.int().min(7), "7 or more", "days"),
      weekly: field(z.int().min(4), "4 or more", "weeks"),
      monthly: field(z.int().min(3), "3 or more", "months"),
      yearly: field(z.int().min(0), "0 or more", "years"),
    }),
  }),
  monitoring: z.strictObject({
    alertEmail: text("an e-mail address", "who is paged", EMAIL),
    certificateDays: field(
      z.int().min(7).max(90),
      "7 to 90 (days)",
      "warn this long before a certificate ends",
    ),
    diskPercent: field(z.int().min(50).max(95), "50 to 95 (percent)", "warn when the volume is fuller"),
  }),
  state,
});

const overlayShape = {
  domain: text(
    "a host name: a zone of config/base.ts, or one label below it",
    "write it such as staging.your-app.com",
    HOST_NAME,
  ),
  hostType: field(
    z.enum(SERVER_TYPES),
    `one of ${SERVER_TYPES.join(", ")} (ARM, as the images of both environments)`,
    "choose a type of the price book in config/prices.ts",
  ),
  rateLimits: field(
    rateLimits.partial(),
    "overrides of the limits in config/base.ts",
    "name only what differs",
  ),
};

const extrasSchema = z.strictObject({
  timeZone: field(
    z
      .string()
      .refine((zone) => Intl.supportedValuesOf("timeZone").includes(zone) || zone === "UTC", "is unknown"),
    "an IANA time zone",
    "write it such as Europe/Berlin",
  ),
  nightlyStop: dailyCron,
  morningStart: dailyCron,
  monthlyRefresh: dailyCron,
  seed: z.strictObject({
    users: field(
      z.int().min(1).max(1_000_000),
      "1 to 1000000 people",
      "choose how many synthetic people staging holds",
    ),
    number: field(
      z
        .int()
        .min(0)
        .max(2 ** 31),
      "a whole number",
      "the same number makes the same people",
    ),
    onCalendar: text("a systemd calendar time", 'write it such as "*-*-01 08:00:00"', /^[\w*:., /-]{5,64}$/),
  }),
  logins: z.strictObject({
    perHour: field(
      z
        .tuple([z.int().min(1), z.int().max(60)])
        .refine(([low, high]) => low <= high, "has its bounds the wrong way round"),
      "[fewest, most] simulated logins an hour, within 1 to 60",
      "write it such as [5, 10]",
    ),
  }),
  mail: field(
    z.enum(["mailpit", "provider-sandbox"]),
    "mailpit or provider-sandbox",
    "where staging's mail ends; never at people",
  ),
});

/** What makes an environment itself: exactly these three. */
export const overlaySchema = z.strictObject(overlayShape);
/** A mirror's overlay may add what only a rehearsal needs. */
export const mirrorOverlaySchema = z.strictObject({ ...overlayShape, extras: extrasSchema.optional() });

export type Base = z.infer<typeof baseSchema>;
export type Overlay = z.infer<typeof overlaySchema>;
export type MirrorOverlay = z.infer<typeof mirrorOverlaySchema>;
export type Extras = z.infer<typeof extrasSchema>;
export type RateLimits = z.infer<typeof rateLimits>;
