import { generateKeyPairSync, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Environment, servesRealPeople } from "../config/load/environment.ts";
import { writeAtomically } from "../lib/files.ts";
import { sandboxDirectory } from "../lib/process-env.ts";
import { secretKeys } from "../secrets/secret-keys.ts";
import { backupKeys } from "./backup-store.ts";
import { ensureOriginPull, originPullFile } from "./origin-pull.ts";

type Values = Record<string, unknown>;

/**
 * File of what people and providers would give an environment, for `olympus secrets init --from`: accounts that exist
 * nowhere, of the right form. What was given once stays, so that a second run gives the same.
 */
export async function thirdParties(env: Environment): Promise<string> {
  await ensureOriginPull();
  const file = join(sandboxDirectory(), "third-parties", `${env.name}.json`);
  const earlier: Values = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeAtomically(file, JSON.stringify({ ...accounts(env), ...earlier }), 0o600);
  return file;
}

function accounts(env: Environment): Values {
  const off = secretKeys().filter(
    ({ generator, pattern }) => generator === "manual" && new RegExp(pattern).test("off"),
  );
  return {
    // Alerts and pings have nobody to reach.
    ...Object.fromEntries(off.map(({ key }) => [key, "off"])),
    BACKUP_ACCESS_KEY_ID: backupKeys(env.name).accessKeyId,
    BACKUP_SECRET_ACCESS_KEY: backupKeys(env.name).secretAccessKey,
    ...(env.extras?.mail === "mailpit" ? {} : { SMTP_CONNECTION_URI: relay(env) }),
    CIAM_OIDC_PROVIDERS: env.oidcProviders.map((id) => client(id)),
    ORIGIN_PULL_CA_CERTIFICATE: readFileSync(originPullFile("ca.crt"), "utf8"),
  };
}

const token = (): string => randomBytes(16).toString("hex");

/** Relays by what the configuration says of mail. Nobody has these accounts: the relay refuses what is handed to it. */
const RELAYS = {
  postmark: "smtp.postmarkapp.com",
  ses: "email-smtp.eu-central-1.amazonaws.com",
  smtp: "smtp.sandbox.invalid",
} as const;

const relay = (env: Environment): string =>
  `smtp://${token()}:${token()}@${servesRealPeople(env) ? `${RELAYS[env.email.provider]}:587` : "sandbox.smtp.mailtrap.io:2525"}/`;

/** A client that a provider never registered; Kratos takes it and the provider would not. */
function client(id: Environment["oidcProviders"][number]): Values {
  const common = {
    id,
    provider: id,
    client_id: `sandbox-${token()}`,
    mapper_url: `file:///etc/config/kratos/${id}.jsonnet`,
  };
  return { ...common, ...CLIENTS[id]() };
}

const withSecret = (scope: readonly string[]) => ({ client_secret: token(), scope: [...scope] });
/** What each provider gives beside an id, by its name. */
const CLIENTS: Readonly<Record<Environment["oidcProviders"][number], () => Values>> = {
  google: () => withSecret(["email", "profile"]),
  apple: () => ({
    apple_team_id: "SANDBOX",
    apple_private_key_id: "SANDBOX",
    apple_private_key: appleKey(),
  }),
  microsoft: () => ({ ...withSecret(["openid", "email", "profile"]), microsoft_tenant: "organizations" }),
  github: () => withSecret(["user:email"]),
  generic: () => ({
    ...withSecret(["openid", "email", "profile"]),
    issuer_url: "https://issuer.sandbox.invalid",
  }),
};

const appleKey = (): string =>
  generateKeyPairSync("ec", {
    namedCurve: "P-256",
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  }).privateKey;
