import ipaddr from "ipaddr.js";
import { type Refusal, refusal } from "./help.ts";

/**
 * IPv4 ranges that no packet from the internet comes from (IANA's special-purpose registry). Those of documentation are
 * left out: the shipped example uses them.
 */
const NOT_PUBLIC: readonly (readonly [range: string, kind: string])[] = [
  ["0.0.0.0/8", "unspecified"],
  ["10.0.0.0/8", "private"],
  ["100.64.0.0/10", "shared by customers of a provider"],
  ["127.0.0.0/8", "loopback"],
  ["169.254.0.0/16", "link-local"],
  ["172.16.0.0/12", "private"],
  ["192.0.0.0/24", "reserved"],
  ["192.168.0.0/16", "private"],
  ["198.18.0.0/15", "reserved for benchmarks"],
  ["224.0.0.0/4", "multicast"],
  ["240.0.0.0/4", "reserved"],
];
/** All of IPv6 that the internet routes. */
const GLOBAL_UNICAST = "2000::/3";

/** The widest range of one owner that anybody may list: the largest blocks ever handed to one organisation. */
const WIDEST = { ipv4: 8, ipv6: 16 };
/** The widest that the ranges of a list may be together: four of the widest. */
const WIDEST_TOGETHER = { ipv4: 6, ipv6: 14 };

/** Why a text is not a public range in canonical form. The hcloud API normalises addresses: another form is drift for ever. */
export function cidrRefusal(text: string): Refusal | undefined {
  if (!ipaddr.isValidCIDR(text))
    return refusal(
      "is not an address range",
      "an IPv4 or IPv6 range in canonical form",
      "write the network address and its prefix length, such as 203.0.113.0/24 or 203.0.113.7/32",
    );
  const [address, prefix] = ipaddr.parseCIDR(text);
  const kind = address.kind();
  const network =
    kind === "ipv4" ? ipaddr.IPv4.networkAddressFromCIDR(text) : ipaddr.IPv6.networkAddressFromCIDR(text);
  const canonical = `${network.toString()}/${prefix}`;
  if (canonical !== text)
    return refusal(
      `is not canonical; write ${canonical}`,
      "an IPv4 or IPv6 range in canonical form",
      `write ${canonical}`,
    );
  if (prefix < WIDEST[kind])
    return refusal(
      "is much of the internet",
      `a range of one organisation: /${WIDEST.ipv4} or narrower for IPv4, /${WIDEST.ipv6} or narrower for IPv6`,
      "name the ranges that people connect from, and no others",
    );
  const known = notPublic(text);
  return known
    ? refusal(
        `is ${known}`,
        "a public range: Hetzner and Cloudflare see only addresses of the internet",
        "write the address that people come from on the internet, such as 203.0.113.7/32; a VPN has one too",
      )
    : undefined;
}

/** Why these ranges, each of which may be listed, may not be listed together. */
export function togetherRefusal(ranges: readonly string[]): Refusal | undefined {
  const parsed = ranges.filter((range) => !cidrRefusal(range)).map((range) => ipaddr.parseCIDR(range));
  for (const kind of ["ipv4", "ipv6"] as const) {
    const share = parsed
      .filter(([address]) => address.kind() === kind)
      .reduce((sum, [, prefix]) => sum + 2 ** -prefix, 0);
    if (share > 2 ** -WIDEST_TOGETHER[kind])
      return refusal(
        "is much of the internet",
        `ranges that are together no more than a /${WIDEST_TOGETHER[kind]} of ${kind === "ipv4" ? "IPv4" : "IPv6"}`,
        "name the ranges that people connect from, and no others",
      );
  }
  return undefined;
}

function notPublic(range: string): string | undefined {
  const [address] = ipaddr.parseCIDR(range);
  if (address.kind() === "ipv6")
    return overlap(range, GLOBAL_UNICAST) ? undefined : `outside ${GLOBAL_UNICAST}, the public part of IPv6`;
  const known = NOT_PUBLIC.find(([special]) => overlap(range, special));
  return known && `${known[1]}: ${known[0]}`;
}

/** Two ranges overlap where the wider holds the other's network. */
function overlap(a: string, b: string): boolean {
  const [[first, firstBits], [second, secondBits]] = [ipaddr.parseCIDR(a), ipaddr.parseCIDR(b)];
  return first.kind() === second.kind() && first.match(second, Math.min(firstBits, secondBits));
}
