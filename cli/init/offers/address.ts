import ipaddr from "ipaddr.js";

/** Answers with `ip=…` among its lines, from wherever it is asked. */
const WHERE = "https://1.1.1.1/cdn-cgi/trace";
const LIMIT_MS = 5_000;

let range: Promise<string | undefined> | undefined;

/** The range that this computer's connections come from, as Cloudflare sees it; undefined without an answer. Asked once. */
export const ownRange = (): Promise<string | undefined> => {
  range ??= askedRange();
  return range;
};

async function askedRange(): Promise<string | undefined> {
  try {
    const answer = await fetch(WHERE, { signal: AbortSignal.timeout(LIMIT_MS) });
    return rangeIn(await answer.text());
  } catch {
    return undefined;
  }
}

/** One IPv4 address, or the network of an IPv6 one: computers choose their own addresses in it. */
export function rangeIn(trace: string): string | undefined {
  const [, found = ""] = /^ip=(\S+)$/m.exec(trace) ?? [];
  if (!ipaddr.isValid(found)) return undefined;
  const address = ipaddr.process(found);
  if (address.range() !== "unicast") return undefined;
  if (address.kind() === "ipv4") return `${address.toString()}/32`;
  return `${ipaddr.IPv6.networkAddressFromCIDR(`${found}/64`).toRFC5952String()}/64`;
}
