import * as z from "zod";
import { SERVER_TYPES } from "../prices.ts";
import { DURATION, toSeconds } from "./duration.ts";
import { dailyCron, field, HOST_NAME, textField } from "./fields.ts";
import { issueOf, refusal } from "./help.ts";
import { isTimeZone } from "./local-time.ts";

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
export const rateLimits = z.strictObject({
  login: rateLimit,
  recovery: rateLimit,
  registration: rateLimit,
  token: rateLimit,
});

const UNDEFINED_LIMIT = refusal(
  "is undefined",
  "events and window",
  "leave the key out: the limit of config/base.ts holds then",
);

const overlayShape = {
  domain: textField(
    "a host name in lower case: a zone of config/base.ts, or one label below it",
    "write it such as staging.your-app.com",
    HOST_NAME,
  ),
  hostType: field(
    z.enum(SERVER_TYPES),
    `one of ${SERVER_TYPES.join(", ")}: cax for ARM, all others x86, the same in every environment`,
    "choose a type of the price book in config/prices.ts",
  ),
  rateLimits: field(
    rateLimits.partial().superRefine((limits, ctx) => {
      for (const [name, limit] of Object.entries(limits))
        if (limit === undefined) ctx.addIssue({ ...issueOf(UNDEFINED_LIMIT), path: [name] });
    }),
    "overrides of the limits in config/base.ts",
    "name only what differs",
  ),
};

/** The identity schemas of host/release/kratos, and how many of 100 people have each. */
const share = z.int().min(0).max(100);
const shares = { default: share, customer: share, organizational: share, admin: share };
const addsUpTo100 = (mix: Record<string, number>): boolean =>
  Object.values(mix).reduce((sum, part) => sum + part, 0) === 100;

const extrasSchema = z.strictObject({
  timeZone: field(
    z.string().refine(isTimeZone, "is unknown"),
    "an IANA time zone",
    "write it such as Europe/Berlin or Asia/Kolkata, in this case and not as an offset",
  ),
  nightlyStop: dailyCron,
  morningStart: dailyCron,
  fallbackTypes: field(
    z.array(z.enum(SERVER_TYPES)).max(4),
    `up to four of ${SERVER_TYPES.join(", ")}, of hostType's architecture: with another it would not be a mirror`,
    "what `olympus wake` orders when hostType is not available, in this order; leave it out to wait instead",
  ).optional(),
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
    mix: field(
      z.strictObject(shares).refine(addsUpTo100, "does not add up to 100"),
      "how many of 100 people each identity schema gets",
      "write it such as { default: 70, customer: 20, organizational: 7, admin: 3 }",
    ),
    cron: dailyCron,
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
  sms: field(
    z.strictObject({ perMonth: z.int().min(1).max(100_000) }),
    "perMonth: 1 to 100000 messages",
    "how many paid SMS simulation may cause in a month; leave it out where only test credentials are used",
  ).optional(),
  mail: field(
    z.enum(["mailpit", "provider-sandbox"]),
    "mailpit or provider-sandbox",
    "where staging's mail goes; never to real people",
  ),
});

/** What makes an environment itself: exactly these three. */
export const overlaySchema = z.strictObject(overlayShape);
/** A mirror's overlay may add what only a rehearsal needs. */
export const mirrorOverlaySchema = z.strictObject({ ...overlayShape, extras: extrasSchema.optional() });

export type Overlay = z.infer<typeof overlaySchema>;
export type MirrorOverlay = z.infer<typeof mirrorOverlaySchema>;
export type Extras = z.infer<typeof extrasSchema>;
export type SeedMix = Extras["seed"]["mix"];
export type SchemaId = keyof SeedMix;
export type RateLimits = z.infer<typeof rateLimits>;
