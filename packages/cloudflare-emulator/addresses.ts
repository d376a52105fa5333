import { Hono } from "hono";
import { ok } from "./envelope.ts";

/** Cloudflare's own address ranges, as `GET /ips` gives them. */
export interface EdgeRanges {
  readonly ipv4: readonly string[];
  readonly ipv6: readonly string[];
  readonly etag: string;
}

/** Documentation ranges, for an emulator that nobody told the real ones. */
export const EXAMPLE_RANGES: EdgeRanges = {
  ipv4: ["192.0.2.0/24"],
  ipv6: ["2001:db8::/32"],
  etag: "example",
};

/** The addresses from which Cloudflare reaches an origin; the one route without a token. */
export const addresses = ({ ipv4, ipv6, etag }: EdgeRanges): Hono =>
  new Hono().get("/ips", (c) => ok(c, { ipv4_cidrs: ipv4, ipv6_cidrs: ipv6, etag }));
