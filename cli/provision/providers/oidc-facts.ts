import { type Environment, servesRealPeople } from "../../../config/load/environment.ts";

/** What is entered where, at a provider that people may log in with. */
interface OidcFacts {
  readonly provider: string;
  /** Page where a client is made. */
  readonly at: string;
  /** The provider's term for the address that people are sent back to. */
  readonly redirect: string;
  /** Its term for a domain of ours, and which; absent where it asks for none. */
  readonly domain?: readonly [term: string, of: (env: Environment) => string];
  /** Whose account, of which kind. */
  readonly account: (env: Environment) => string;
}

/** One entry for each name that `oidcProviders` of config/base.ts may hold: a new one does not compile without its own. */
export const OIDC_FACTS: Readonly<Record<Environment["oidcProviders"][number], OidcFacts>> = {
  google: {
    provider: "Google",
    at: "https://console.cloud.google.com/auth/clients",
    redirect: "Authorised redirect URI",
    domain: ["Authorised domain", (env) => env.zone.name],
    account: (env) =>
      `a project and web client of ${env.name}'s own, publishing status ${servesRealPeople(env) ? "In production" : "Testing, testers named"}`,
  },
  apple: {
    provider: "Apple",
    at: "https://developer.apple.com/account/resources/identifiers/list/serviceId",
    redirect: "Return URL",
    domain: ["Domain", (env) => env.hosts.ciam],
    account: (env) =>
      `a Services ID and a key of ${env.name}'s own (Apple has no sandbox; Kratos derives the client secret from the key)`,
  },
  microsoft: {
    provider: "Microsoft",
    at: "https://entra.microsoft.com, App registrations",
    redirect: "Redirect URI, platform Web",
    account: (env) => `an app registration of ${env.name}'s own; Kratos wants its tenant (microsoft_tenant)`,
  },
  github: {
    provider: "GitHub",
    at: "https://github.com/settings/developers",
    redirect: "Authorization callback URL",
    account: (env) => `an OAuth app of ${env.name}'s own: it takes one callback URL`,
  },
  generic: {
    provider: "OpenID Connect",
    at: "the provider's own console",
    redirect: "Redirect URI",
    account: (env) => `a client of ${env.name}'s own; Kratos wants the provider's issuer_url`,
  },
};
