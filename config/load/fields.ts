import * as z from "zod";
import { cidrRefusal, togetherRefusal } from "./cidr.ts";
import { readCron } from "./cron.ts";
import { type Help, issueOf } from "./help.ts";

/** A schema with the help that a problem with it carries. */
export const field = <S extends z.ZodType>(schema: S, allowed: string, remedy: string): S =>
  schema.meta({ allowed, remedy } satisfies Help);

/** A text of a form. */
export const textField = (allowed: string, remedy: string, pattern: RegExp) =>
  field(z.string().regex(pattern), allowed, remedy);

export const HEX_ID = /^[0-9a-f]{32}$/;
const DOMAIN =
  "(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\.)+(?:[a-z]{2,63}|xn--[a-z0-9](?:[a-z0-9-]{0,57}[a-z0-9])?)";
export const HOST_NAME = new RegExp(`^(?=.{4,253}$)${DOMAIN}$`);
/** Comments may hold spaces. No `|`: it stands between keys in the environment file. */
const SSH_KEY =
  /^(ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI[A-Za-z0-9+/]{43}|sk-ssh-ed25519@openssh\.com AAAA[A-Za-z0-9+/]{60,}={0,2})( [\w@.+:/(),=-]+)*$/;
export const LABEL = /^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/;
/** Narrower than mail allows: it goes into YAML, JSON, a shell's variable and the environment of containers as it is. */
export const EMAIL = new RegExp(
  `^(?=.{3,254}$)(?=[^@]{1,64}@)[A-Za-z0-9_][A-Za-z0-9_+-]*(?:\\.[A-Za-z0-9_+-]+)*@${DOMAIN}$`,
);
/** The same for a sender's name, which a mail header and the line of an environment file hold too. */
export const SENDER_NAME = /^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N} .,&'’()+-]{0,62}[\p{L}\p{M}\p{N}.)])?$/u;
export const HTTPS_URL = /^https:\/\/[^\s/@]+(\/\S*)?$/;
/** An address whose path is ours to append. */
export const HTTPS_ORIGIN = new RegExp(`^https://${DOMAIN}(?::[1-9][0-9]{0,4})?$`);

const cidr = field(
  z.string().superRefine((value, ctx) => {
    const refused = cidrRefusal(value);
    if (refused) ctx.addIssue(issueOf(refused));
  }),
  "an IPv4 or IPv6 range in canonical form",
  "write the network address and its prefix length, such as 203.0.113.0/24 or 203.0.113.7/32",
);
export const cidrs = field(
  z
    .array(cidr)
    .min(1)
    .refine((list) => new Set(list).size === list.length, "holds a range twice")
    .superRefine((list, ctx) => {
      const refused = togetherRefusal(list);
      if (refused) ctx.addIssue(issueOf(refused));
    }),
  "one or more address ranges, each once",
  "name the ranges that may connect",
);

export const sshKey = field(
  // A .pub file ends in a line break.
  z.string().trim().regex(SSH_KEY),
  "an ed25519 public key, one line; its comment may hold letters, digits, spaces and _@.+:/(),=-",
  "paste the .pub file of `ssh-keygen -t ed25519`",
);

/** A public key without its type and comment: what two lines have in common that are one key. */
export const keyBody = (publicKey: string): string => publicKey.trim().split(/\s+/)[1] ?? publicKey;

const sshKeysByOwner = z.record(
  textField("a short name: a-z, 0-9 and -", "name the key after its owner", LABEL),
  sshKey,
);

/** Keys by their owners' names; there may be none. */
export const sshKeyList = field(sshKeysByOwner, "keys by their owners' names", "write {} for none");

export const atLeastOneSshKey = field(
  sshKeysByOwner.refine((keys) => Object.keys(keys).length > 0, "is empty"),
  "at least one key, by its owner's name",
  "add a public key: without one the machine cannot be reached",
);

export const dailyCron = field(
  z.string().superRefine((line, ctx) => {
    const read = readCron(line);
    if ("refusal" in read) ctx.addIssue(issueOf(read.refusal));
  }),
  "five cron fields with one minute and one hour; days of the week by name",
  'write it such as "0 20 * * MON-FRI"',
);
