import fc from "fast-check";
import ipaddr from "ipaddr.js";
import { describe, expect, it } from "vitest";
import { readBundleFile } from "./values.ts";

describe("the visitor and the network of the rate limits", () => {
  // The patterns of the Caddyfile, in the subset of regular expressions that Go and JavaScript share.
  const patterns = [...readBundleFile("caddy/snippets.caddy").matchAll(/^\t\t"~(\S+)" "(\S+)"$/gm)].map(
    ([, pattern = "", to = ""]) => [new RegExp(pattern), to.replaceAll(/\$\{(\d)\}/g, "$$$1")] as const,
  );
  const named = (address: string, bits: number): string => {
    const map = patterns.filter(([, to]) => to.endsWith(`/${bits}`));
    const [pattern, to] = map.find(([p]) => p.test(address)) ?? [/^.*$/, "$0"];
    const match = address.match(pattern) ?? [];
    return to.replaceAll(/\$(\d)/g, (_, n: string) => match[Number(n)] ?? "");
  };

  it.each([
    [64, 4, 5],
    [48, 3, 3],
  ])("is the /%i of every IPv6 address and nothing wider", (bits, groups, lines) => {
    expect(patterns.filter(([, to]) => to.endsWith(`/${bits}`))).toHaveLength(lines);
    const group = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff }));
    const first = fc.integer({ min: 0x2000, max: 0x3fff });
    fc.assert(
      fc.property(first, fc.array(group, { minLength: 7, maxLength: 7 }), (head, tail) => {
        const parts = [head, ...tail];
        const address = new ipaddr.IPv6(parts).toRFC5952String();
        expect(named(address, bits)).toBe(
          `${parts
            .slice(0, groups)
            .map((p) => p.toString(16))
            .join(":")}::/${bits}`,
        );
      }),
      { numRuns: 5000 },
    );
  });
  it("is the address itself for IPv4", () => {
    expect(named("203.0.113.9", 64)).toBe("203.0.113.9");
    expect(readBundleFile("caddy/snippets.caddy")).toContain("default {client_ip}");
  });
});
