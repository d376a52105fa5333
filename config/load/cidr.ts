import ipaddr from "ipaddr.js";

/**
 * Why a text is no canonical CIDR, or undefined when it is one.
 * The hcloud API normalises addresses: anything but the canonical form shows as drift for ever.
 */
export function cidrProblem(text: string): string | undefined {
  if (!ipaddr.isValidCIDR(text)) return "is not an address range";
  const [address, prefix] = ipaddr.parseCIDR(text);
  const network =
    address.kind() === "ipv4"
      ? ipaddr.IPv4.networkAddressFromCIDR(text)
      : ipaddr.IPv6.networkAddressFromCIDR(text);
  const canonical = `${network.toString()}/${prefix}`;
  return canonical === text ? undefined : `is not canonical; write ${canonical}`;
}

/** Whether the range is the whole internet of its family. */
export const isAnyAddress = (cidr: string): boolean => cidr.endsWith("/0");
