import * as z from "zod";
import { cidrProblem, isAnyAddress } from "./cidr.ts";
import { readCron } from "./cron.ts";
import { type Help, issueOf } from "./help.ts";

/** A schema with the help that a problem with it carries. */
export const field = <S extends z.ZodType>(schema: S, allowed: string, remedy: string): S =>
  schema.meta({ allowed, remedy } satisfies Help);

/** A text of a form. */
export const textField = (allowed: string, remedy: string, pattern: RegExp) =>
  field(z.string().regex(pattern), allowed, remedy);

export const HEX_ID = /^[0-9a-f]{32}$/;
export const HOST_NAME = /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;
const SSH_KEY =
  /^(ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI[A-Za-z0-9+/]{43}|sk-ssh-ed25519@openssh\.com AAAA[A-Za-z0-9+/]{60,}={0,2})( [\w@.+-]+)?$/;
export const LABEL = /^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/;
export const EMAIL = /^[^@\s]+@[a-z0-9.-]+\.[a-z]{2,}$/;
export const HTTPS_URL = /^https:\/\/[^\s/@]+(\/\S*)?$/;

const cidr = field(
  z.string().superRefine((value, ctx) => {
    const problem = cidrProblem(value) ?? (isAnyAddress(value) ? "is the whole internet" : undefined);
    if (problem) ctx.addIssue({ code: "custom", message: problem });
  }),
  "an IPv4 or IPv6 range in canonical form, narrower than /0",
  "write the network address and its prefix length, such as 203.0.113.0/24 or 203.0.113.7/32",
);
export const cidrs = field(
  z
    .array(cidr)
    .min(1)
    .refine((list) => new Set(list).size === list.length, "holds a range twice"),
  "one or more address ranges, each once",
  "name the ranges that may connect",
);

export const sshKeyList = field(
  z
    .record(
      textField("a short name: a-z, 0-9 and -", "name the key after its owner", LABEL),
      textField("an ed25519 public key, one line", "paste the .pub file of `ssh-keygen -t ed25519`", SSH_KEY),
    )
    .refine((keys) => Object.keys(keys).length > 0, "is empty"),
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
