import { Hono } from "hono";
import { cloudflareRanges } from "../../config/cloudflare-ranges.ts";
import { ok } from "./envelope.ts";

/** The addresses from which Cloudflare reaches an origin; the one route without a token. */
export const addresses = (): Hono =>
  new Hono().get("/ips", (c) => {
    const { ipv4, ipv6, etag } = cloudflareRanges;
    return ok(c, { ipv4_cidrs: ipv4, ipv6_cidrs: ipv6, etag });
  });
