import { z } from "zod";
import { parsedJson } from "../../lib/json.ts";

const text = z.string().min(1);
const common = { id: z.string().regex(/^[a-z0-9-]+$/), client_id: text, mapper_url: text };

/** What Kratos needs of a provider (its configuration schema, selfservice.methods.oidc.config.providers). */
const provider = z.union([
  z.looseObject({
    ...common,
    provider: z.literal("apple"),
    apple_team_id: text,
    apple_private_key_id: text,
    apple_private_key: text.startsWith("-----BEGIN PRIVATE KEY-----"),
    client_secret: z.undefined().optional(),
  }),
  z.looseObject({
    ...common,
    provider: z.literal("microsoft"),
    client_secret: text,
    microsoft_tenant: text,
    apple_private_key: z.undefined().optional(),
  }),
  z.looseObject({
    ...common,
    provider: z.literal("generic"),
    client_secret: text,
    issuer_url: z.url({ protocol: /^https$/ }),
    apple_private_key: z.undefined().optional(),
  }),
  z.looseObject({
    ...common,
    provider: text.refine((name) => !["apple", "microsoft", "generic"].includes(name)),
    client_secret: text,
    apple_private_key: z.undefined().optional(),
  }),
]);
export type OidcProvider = z.infer<typeof provider>;

/** The providers of a value of CIAM_OIDC_PROVIDERS; undefined when Kratos could not read it. */
export const oidcProviders = (value: string): OidcProvider[] | undefined =>
  z.array(provider).safeParse(parsedJson(value)).data;
