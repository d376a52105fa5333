import ipaddr from "ipaddr.js";

/** Kinds of addresses, in ipaddr.js's words, that nobody outside can reach. */
const UNREACHABLE = new Set([
  "private",
  "loopback",
  "linkLocal",
  "carrierGradeNat",
  "uniqueLocal",
  "unspecified",
]);

/** Cloudflare's own resolver. */
const RESOLVER = ["1.1.1.1", "1.0.0.1"];

/** Whether the proxy may stand in front of an address; `reachable` are private ranges that it reaches all the same. */
export function isProxyTarget(address: string, reachable: readonly string[]): boolean {
  if (RESOLVER.includes(address)) return false;
  const parsed = ipaddr.parse(address);
  if (!UNREACHABLE.has(parsed.range())) return true;
  const ranges = reachable.map((range) => ipaddr.parseCIDR(range));
  return ranges.some(([network, bits]) => network.kind() === parsed.kind() && parsed.match(network, bits));
}
