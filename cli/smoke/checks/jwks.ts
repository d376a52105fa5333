import { z } from "zod";
import { fetchJson } from "../answers.ts";
import { type Check, expect } from "../check.ts";
import type { Target } from "../target.ts";

const jwksSchema = z.object({ keys: z.array(z.looseObject({ kty: z.string(), kid: z.string() })) });

/** There are keys to verify tokens with, and no private part of one. */
export const jwks = (target: Target): Check[] =>
  [target.env.hosts.ciamOauth, target.env.hosts.iamOauth].map((host) => ({
    kind: "jwks",
    subject: host,
    run: async () => {
      const { keys } = await fetchJson(target.client, `https://${host}/.well-known/jwks.json`, jwksSchema);
      expect(keys.length > 0, "the list of keys is empty: no token can be verified");
      const leaked = keys.find((key) => "d" in key || key.kty === "oct");
      expect(!leaked, `publishes the private part of key ${leaked?.kid}`);
      return `${keys.length} keys`;
    },
  }));
