import ipaddr from "ipaddr.js";
import { isInternetWide } from "./firewall-rules.ts";
import type { Subject } from "./rule.ts";

/** What a value of the machine's environment file may be, and the words for it. */
interface ValueForm {
  readonly allowed: string;
  readonly fits: (value: string, subject: Subject) => boolean;
}

const HOST = /^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;
const EMAIL = /^[^@\s"(),:;<>[\\\]$`{}|~]{1,64}@([a-z0-9.-]+)$/;
// The machine's programs would take a quote for the beginning of a quoted value, " #" for a comment, "$" for a variable.
const DISPLAY_NAME = /^(?!['"\s])(?!.*\s(?:#|$))[^$\\`]{1,64}$/;
const SSH_KEY =
  /^(?:ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI[A-Za-z0-9+/]{43}|sk-ssh-ed25519@openssh\.com AAAA[A-Za-z0-9+/]{60,}={0,2})(?: [^|]+)?$/;

/** The parts of a list, each there once; no parts when it is anything else. */
function parts(value: string, separator: string): readonly string[] {
  const list = value.split(separator);
  return new Set(list).size === list.length ? list : [];
}

/** A range as the firewall takes it: canonical, and not so wide that it stands for the internet. */
function isRange(text: string): boolean {
  if (!ipaddr.isValidCIDR(text) || isInternetWide(text)) return false;
  const [address, prefix] = ipaddr.parseCIDR(text);
  const network =
    address.kind() === "ipv4"
      ? ipaddr.IPv4.networkAddressFromCIDR(text)
      : ipaddr.IPv6.networkAddressFromCIDR(text);
  return `${network}/${prefix}` === text;
}

function areRanges(value: string): boolean {
  const list = parts(value, " ");
  return list.length > 0 && list.every(isRange);
}

const FORMS: Readonly<Record<string, ValueForm>> = {
  host: {
    allowed: "a host name in lower case, in the environment's own zone",
    fits: (value, { zone }) => HOST.test(value) && (zone === undefined || value.endsWith(`.${zone}`)),
  },
  ranges: {
    allowed: "canonical address ranges, each once, none as wide as /7, one space between them",
    fits: areRanges,
  },
  "edge-ranges": {
    allowed:
      "the ranges that Cloudflare's edge connects from (config/cloudflare-ranges.ts), one space between them",
    fits: (value, { edgeRanges }) =>
      areRanges(value) && (edgeRanges === undefined || value === edgeRanges.join(" ")),
  },
  email: {
    allowed: "one e-mail address",
    fits: (value) => HOST.test(EMAIL.exec(value)?.[1] ?? ""),
  },
  "display-name": {
    allowed:
      "1 to 64 printable characters that no program on the machine reads as a quote, comment or variable",
    fits: (value) => DISPLAY_NAME.test(value),
  },
  integer: { allowed: "a whole number from 1 to 999999", fits: (value) => /^[1-9][0-9]{0,5}$/.test(value) },
  duration: {
    allowed: "a whole number and s, m or h, such as 1m",
    fits: (value) => /^[1-9][0-9]{0,4}[smh]$/.test(value),
  },
  "ssh-keys": {
    allowed: "ed25519 public keys without options, each once, a bar between them",
    fits: (value) => {
      const keys = parts(value, "|");
      return keys.length > 0 && keys.every((key) => SSH_KEY.test(key));
    },
  },
};

/** What is allowed where `value` is not, in words; undefined where it is. A key without a form allows nothing. */
export function formProblem(
  { form, pattern }: { readonly form?: string; readonly pattern?: string },
  value: string,
  subject: Subject,
): string | undefined {
  if (pattern !== undefined) return new RegExp(pattern).test(value) ? undefined : pattern;
  const known = form !== undefined && Object.hasOwn(FORMS, form) ? FORMS[form] : undefined;
  if (!known) return `nothing: ${form ?? "(none)"} is not a form of policy/value-forms.ts`;
  return known.fits(value, subject) ? undefined : known.allowed;
}
