import { z } from "zod";
import { fetchJson } from "../answers.ts";
import { type Check, expect } from "../check.ts";
import type { Target } from "../target.ts";

const discoverySchema = z.object({
  issuer: z.string(),
  authorization_endpoint: z.string(),
  token_endpoint: z.string(),
  jwks_uri: z.string(),
});

/** OpenID Connect discovery names the configured issuer, and no address of anybody else. */
export const discovery = (target: Target): Check[] =>
  [target.env.hosts.ciamOauth, target.env.hosts.iamOauth].map((host) => ({
    kind: "discovery",
    subject: host,
    run: async () => {
      const { issuer, ...endpoints } = await fetchJson(
        target.client,
        `https://${host}/.well-known/openid-configuration`,
        discoverySchema,
      );
      expect(issuer === `https://${host}`, `issuer is ${issuer}, not https://${host}`);
      for (const [name, url] of Object.entries(endpoints))
        expect(url.startsWith(`https://${host}/`), `${name} is ${url}, not on https://${host}`);
      return `issuer ${issuer}`;
    },
  }));
