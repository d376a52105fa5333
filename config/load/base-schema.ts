import * as z from "zod";
import { accepts } from "./accepts-schema.ts";
import { dns } from "./dns-schema.ts";
import {
  atLeastOneSshKey,
  cidrs,
  EMAIL,
  field,
  HEX_ID,
  HOST_NAME,
  HTTPS_ORIGIN,
  LABEL,
  SENDER_NAME,
  sshKey,
  sshKeyList,
  textField,
} from "./fields.ts";
import { image } from "./image-schema.ts";
import { rateLimits } from "./overlay-schema.ts";
import { state } from "./state-schema.ts";

const identity = field(
  z.strictObject({
    deployKey: sshKey,
    firstAdministrator: textField(
      "an e-mail address of letters, digits and _+-. before the @",
      "write who logs in to Athena first and invites the others: a person, not a mailbox that several read",
      EMAIL,
    ),
    budget: field(
      z.number().positive().max(100_000),
      "net EUR a month, more than 0",
      "write the most that it may cost when it never sleeps; leave it out to hold no bound",
    ).optional(),
  }),
  "deployKey, firstAdministrator and perhaps budget",
  "write what this environment has to itself",
);

export const baseSchema = z.strictObject({
  zones: field(
    z
      .record(
        textField("a zone name in lower case", "write the apex, such as your-app.com", HOST_NAME),
        textField("32 hex characters", "copy it from the zone's overview page at Cloudflare", HEX_ID),
      )
      .refine((zones) => Object.keys(zones).length > 0, "is empty"),
    "zone names with their ids",
    "name every zone that an environment's domain is in",
  ),
  cloudflareAccountId: textField(
    "32 hex characters",
    "copy it from the account's overview page at Cloudflare",
    HEX_ID,
  ),
  cloudflarePlan: field(
    z.enum(["free", "pro", "business"]),
    "free, pro or business",
    "write the plan that the zones have at Cloudflare; for enterprise write business, which allows no more than that",
  ),
  repository: textField(
    "owner/name",
    "the GitHub repository whose workflows the clock calls",
    /^[\w.-]+\/[\w.-]+$/,
  ),
  location: field(
    z.enum(["fsn1", "nbg1", "hel1"]),
    "fsn1, nbg1 or hel1 (where Hetzner has ARM servers)",
    "choose one location for server, volume and addresses; once deployed it cannot be changed in place (docs/runbooks/location.md)",
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
  operators: z.strictObject({ sshKeys: atLeastOneSshKey, cidrs }),
  developers: z.strictObject({ sshKeys: sshKeyList }),
  office: z.strictObject({ cidrs }),
  environments: field(
    z.record(z.string(), identity),
    "deployKey and firstAdministrator of each environment, by its name",
    "write a block for every environment that config/environments.ts declares",
  ),
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
    prometheus: image,
    alertmanager: image,
  }),
  rateLimits,
  email: z.strictObject({
    provider: field(
      z.enum(["postmark", "ses", "smtp"]),
      "postmark, ses or smtp",
      "name the mail relay; its URI is a secret",
    ),
    senderName: textField(
      "1 to 64 letters, digits, spaces and .,&'()+-, with a letter or digit first",
      "write the name that people see in their inbox, such as O'Reilly, Inc.",
      SENDER_NAME,
    ),
  }),
  dns,
  oidcProviders: field(
    z
      .array(z.enum(["google", "apple", "microsoft", "github", "generic"]))
      .refine((list) => new Set(list).size === list.length, "names a provider twice"),
    "any of google, apple, microsoft, github, generic (any other that speaks OpenID Connect)",
    "name the providers people may log in with",
  ),
  backup: z.strictObject({
    endpoint: textField(
      "https:// and a host, without a path or a final slash",
      "write the S3-compatible store such as https://s3.eu-central-003.backblazeb2.com; the bucket is appended",
      HTTPS_ORIGIN,
    ),
    region: textField(
      "1 to 32 of a-z, 0-9 and -",
      "copy it from the store: requests are signed for it; such as eu-central-003 at Backblaze, fsn1 at Hetzner",
      LABEL,
    ),
    bucketPrefix: textField(
      "1 to 32 of a-z, 0-9 and -",
      "choose a prefix that is yours alone; the environment's name is appended",
      LABEL,
    ),
    keep: z.strictObject({
      allDays: field(z.int().min(1), "1 or more", "write for how many days every backup is kept"),
      daily: field(z.int().min(7), "7 or more", "write how many days keep their last backup"),
      weekly: field(z.int().min(4), "4 or more", "write how many weeks keep their last backup"),
      monthly: field(z.int().min(3), "3 or more", "write how many months keep their last backup"),
      yearly: field(
        z.union([z.int().min(1), z.literal("unlimited")]),
        "1 or more, or unlimited",
        "write how many years keep their last backup",
      ),
    }),
  }),
  monitoring: z.strictObject({
    alertEmail: textField(
      "an e-mail address of letters, digits and _+-. before the @",
      "write who is paged, such as oncall@your-app.com",
      EMAIL,
    ),
    certificateDays: field(
      z.int().min(7).max(90),
      "7 to 90 (days)",
      "warn this long before a certificate expires",
    ),
    diskPercent: field(z.int().min(50).max(95), "50 to 95 (percent)", "warn when the volume is fuller"),
    secondFactor: field(
      z.enum(["required", "optional"]),
      "required or optional",
      "with required an administrator without a second factor raises an alert; it forces none on them",
    ),
  }),
  realData: field(
    z.enum(["never", "redacted"]),
    "never or redacted",
    "whether a copy of real data may leave production at all, and then only through `olympus redact`",
  ),
  state,
  accepts,
});

/** What belongs to one environment by its name, beside the overlay: no mirror takes it from another. */
export type EnvironmentIdentity = z.infer<typeof identity>;
export type Base = z.infer<typeof baseSchema>;
