import type { Environment } from "../../../config/load/environment.ts";
import { bundle } from "../../../host/bundle.ts";
import { CLIENT_IDS } from "../seed/clients.ts";
import { domainSizes, type SeedSpec } from "../seed/people.ts";
import { PROFILES } from "../seed/profiles.ts";

/**
 * How many rows a table may have. `own`: the program's own, as its migrations or its start made them. `people`: they hang
 * on an identity. `logins`: whoever logs in leaves them, the machine's own logins first.
 */
export type RowRule = number | "own" | "people" | "logins";

/** What a refresh and the seed alone leave. A table without a rule is empty. */
export interface Expectation {
  readonly databases: Readonly<Record<string, Readonly<Record<string, RowRule>>>>;
  readonly roles: readonly string[];
  /** Ids, by database. */
  readonly clients: Readonly<Record<string, readonly string[]>>;
  /** Addresses of the identities that a start makes, by database. */
  readonly residents: Readonly<Record<string, readonly string[]>>;
}

const BOOKKEEPING = { "public.schema_migration": "own", "public.networks": "own" } as const;

const kratos = (identities: number, recoveries: number): Record<string, RowRule> => ({
  ...BOOKKEEPING,
  "public.identity_credential_types": "own",
  "public.identities": identities,
  "public.identity_credentials": "people",
  "public.identity_credential_identifiers": "people",
  "public.identity_verifiable_addresses": "people",
  "public.identity_recovery_addresses": "people",
  "public.identity_recovery_codes": recoveries,
  "public.selfservice_recovery_flows": recoveries,
  "public.sessions": "logins",
  "public.session_devices": "logins",
  "public.selfservice_login_flows": "logins",
  "public.selfservice_settings_flows": "logins",
});

const hydra = (clients: number): Record<string, RowRule> => ({
  ...BOOKKEEPING,
  "public.hydra_client": clients,
  "public.hydra_jwk": "own",
  ...Object.fromEntries(
    ["flow", "code", "oidc", "pkce", "access", "refresh", "authentication_session", "logout_request"].map(
      (name): [string, RowRule] => [`public.hydra_oauth2_${name}`, "logins"],
    ),
  ),
});

const olympus = (lockouts: number): Record<string, RowRule> => ({
  "public.ciam_lockouts": lockouts,
  ...Object.fromEntries(
    ["ciam", "iam"].flatMap((domain): [string, RowRule][] => [
      [`public.${domain}_settings`, "own"],
      ...["login_attempts", "session_locations", "security_audit_log"].map((name): [string, RowRule] => [
        `public.${domain}_${name}`,
        "logins",
      ]),
    ]),
  ),
});

const count = (todo: string): number =>
  PROFILES.filter((profile) => profile.todo === todo).reduce((sum, profile) => sum + profile.count, 0);

/** What stands on an environment's machine once it is refreshed and this cast is seeded; `pendingLockouts` could not be yet. */
export function expectationOf(env: Environment, cast: SeedSpec, pendingLockouts: number): Expectation {
  const people = domainSizes(cast);
  const seeded = bundle(env).flatMap(({ path, content }) => {
    const [, database, name] = path.match(/^init\/(\w+-(?:kratos|hydra))\/(.+)\.json$/) ?? [];
    return database && name ? [{ database: database.replace("-", "_"), name, content }] : [];
  });
  const of = (database: string) => seeded.filter((one) => one.database === database);
  const residents = (database: string): string[] =>
    of(database).map(({ content }) => {
      const { email } = (JSON.parse(content) as { traits: { email: string } }).traits;
      return email.replace(/^\$\{FIRST_ADMINISTRATOR\}$/, env.firstAdministrator);
    });
  const clients = {
    ciam_hydra: [...of("ciam_hydra").map(({ name }) => name), ...(cast.document ? [] : CLIENT_IDS)],
    iam_hydra: of("iam_hydra").map(({ name }) => name),
  };
  const special = cast.document ? 0 : 1;
  return {
    databases: {
      ciam_kratos: kratos(people.ciam + of("ciam_kratos").length, special * count("recovery")),
      iam_kratos: kratos(people.iam + of("iam_kratos").length, 0),
      ciam_hydra: hydra(clients.ciam_hydra.length),
      iam_hydra: hydra(clients.iam_hydra.length),
      olympus: olympus(special * count("lockout") - pendingLockouts),
      postgres: {},
    },
    roles: [
      "postgres",
      ...rolesIn(bundle(env).find(({ path }) => path === "postgres/databases.sql")?.content),
    ],
    clients,
    residents: { ciam_kratos: residents("ciam_kratos"), iam_kratos: residents("iam_kratos") },
  };
}

/** The roles that a start makes: the list that postgres/databases.sql begins with. */
export const rolesIn = (sql = ""): string[] =>
  [...(sql.match(/unnest\(ARRAY\[([^\]]+)\]\)/)?.[1] ?? "").matchAll(/'(\w+)'/g)].map(
    ([, name = ""]) => name,
  );
