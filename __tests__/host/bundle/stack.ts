import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import type { ProgramName } from "../../../sandbox/programs/programs.ts";
import { createCertificates } from "../../support/certificates.ts";
import { composeServices } from "./compose.ts";
import { type CommandOutput, type Daemon, type MachineFixture, startMachine } from "./machine.ts";
import { createSecretValues, FILES, plainValues, writeConfig } from "./values.ts";

// Postgres 18, Kratos and Hydra with the bundle's own files, at the paths and under the names that the containers have.
const PROVIDERS = JSON.stringify([
  {
    id: "google",
    provider: "google",
    client_id: "google-client",
    client_secret: "google-secret",
    mapper_url: "file:///etc/config/kratos/google.jsonnet",
    scope: ["email", "profile"],
  },
  {
    id: "apple",
    provider: "apple",
    client_id: "apple-client",
    apple_team_id: "TEAM",
    apple_private_key_id: "KEY",
    apple_private_key: "-----BEGIN PRIVATE KEY-----\\nnot a key\\n-----END PRIVATE KEY-----",
    mapper_url: "file:///etc/config/kratos/apple.jsonnet",
    scope: ["email", "name"],
  },
]);
export const stackValues = plainValues({ ADMIN_EMAIL: "admin+first@your-app.com" });
export const stackSecrets = createSecretValues({ CIAM_OIDC_PROVIDERS: PROVIDERS });
const POSTGRES_USER = "70:70";

export let machine: MachineFixture;
let config: string;

/** Writes the environment's two files anew, with `changes` of plain values. */
export const writeValues = (changes: Record<string, string> = {}): void =>
  writeConfig(config, { ...stackValues, ...changes }, stackSecrets);

export const runBundleScript = (
  name: string,
  args: string[] = [],
  env: Record<string, string> = {},
): CommandOutput =>
  machine.outside([join(FILES, "bin", name), ...args], { env: { OLYMPUS_CONFIG: config, ...env } });
const render = (...files: string[]): string => {
  const done = runBundleScript(
    "olympus-render",
    files.map((file) => join(FILES, file)),
  );
  expect(done.err).toBe("");
  return done.out;
};
export const psql = (input: string, database = "postgres", args: string[] = []): CommandOutput =>
  machine.run(["psql", "-X", "-q", "-A", "-t", "-d", database, ...args], { user: POSTGRES_USER, input });
export const as = (
  role: string,
  password: string,
  database: string,
  sql: string,
  tls = "verify-full",
): CommandOutput =>
  machine.run(
    [
      "psql",
      "-X",
      "-A",
      "-t",
      "-c",
      sql,
      `host=postgres user=${role} dbname=${database} sslmode=${tls} sslrootcert=/etc/olympus/pg-ca.crt`,
    ],
    { env: { PGPASSWORD: password }, user: POSTGRES_USER },
  );
export const prepareDatabases = (): CommandOutput =>
  psql(render("postgres/passwords.sql") + readFileSync(join(FILES, "postgres/databases.sql"), "utf8"));

/** What the container of a service would have in its environment: the compose file's values and its secrets. */
export const environmentOf = (service: string): Record<string, string> => {
  const fill = (text: string) => text.replaceAll(/\$\{(\w+)\}/g, (_, key: string) => stackValues[key] ?? "");
  const named = Object.entries(composeServices()[service]?.environment ?? {}).map(([k, v]) => [
    k,
    fill(String(v)),
  ]);
  const rendered = render(`secrets/${service}.env`).trimEnd().split("\n");
  return {
    ...Object.fromEntries(named),
    ...Object.fromEntries(rendered.map((l) => [l.slice(0, l.indexOf("=")), l.slice(l.indexOf("=") + 1)])),
  };
};
const command = (service: string, program: string): string[] => [
  program,
  ...(composeServices()[service]?.command ?? []),
];
export const curl = (...args: string[]): CommandOutput =>
  machine.outside(["curl", "-sS", "-m", "20", ...args]);
export const curlJson = (...args: string[]) => JSON.parse(curl(...args).out);

const startPostgres = async (): Promise<void> => {
  await createCertificates(join(machine.root, "etc/olympus/postgres-tls"), "ca", { server: ["postgres"] });
  machine.put(join(machine.root, "etc/olympus/postgres-tls/ca.crt"), "/etc/olympus/pg-ca.crt");
  machine.put("postgres", "/etc/olympus/postgres");
  const initdb = String(composeServices().postgres?.environment?.POSTGRES_INITDB_ARGS).split(" ");
  machine.run([
    "bash",
    "-c",
    "mkdir -p /var/lib/postgresql/18 /var/run/postgresql && chown -R 70:70 /var/lib/postgresql /var/run/postgresql /etc/olympus/postgres-tls && chmod 600 /etc/olympus/postgres-tls/*.key",
  ]);
  const made = machine.run(
    ["initdb", "-D", "/var/lib/postgresql/18/docker", "-U", "postgres", "--no-sync", ...initdb],
    {
      user: POSTGRES_USER,
    },
  );
  expect(made.err).toBe("");
  const PGDATA = String(composeServices().postgres?.environment?.PGDATA);
  const options = { user: POSTGRES_USER, env: { PGDATA } };
  // Programs are killed here, the power is never cut: what only that needs would take most of the time on a busy disk.
  const words = [...(composeServices().postgres?.command ?? []), "-c", "fsync=off"];
  const serve = () => machine.daemon(words, options);
  services.postgres = { serve, daemon: serve() };
  await machine.until(30, ["pg_isready", "-q"]);
};
const services: Record<string, { readonly serve: () => Daemon; readonly daemon: Daemon }> = {};
/** What a service has written since it was last started. */
export const logOf = (service: string): string => services[service]?.daemon() ?? "";
/** Kills a service, leaves it away for `ms`, and starts it again. */
export const restart = async (service: string, ms: number): Promise<void> => {
  const { serve, daemon } = services[service] ?? {};
  await daemon?.kill();
  await new Promise((resolve) => setTimeout(resolve, ms));
  if (serve) services[service] = { serve, daemon: serve() };
};
export const startOry = async (): Promise<void> => {
  for (const domain of ["ciam", "iam"]) {
    for (const program of ["kratos", "hydra"]) {
      const service = `${domain}-${program}`;
      // Two containers have the same path; two folders and one rewritten path stand for them here.
      machine.put(`${program}/${domain}`, `/etc/config/${domain}-${program}`);
      const sed = `s#/etc/config/${program}/#/etc/config/${service}/#g`;
      machine.run(["bash", "-c", `sed -i '${sed}' /etc/config/${service}/*.yml`]);
      const env = environmentOf(service);
      const migrated = machine.run(command(`${service}-migrate`, program), {
        env: { DSN: env.DSN ?? "" },
      });
      expect(migrated.code, migrated.err).toBe(0);
      const args = command(service, program).map((part) =>
        part.replace(`/etc/config/${program}/`, `/etc/config/${service}/`),
      );
      const moved = Object.entries(env).map(([k, v]) => [
        k,
        v.replaceAll(`/etc/config/${program}/`, `/etc/config/${service}/`),
      ]);
      const serve = () => machine.daemon(args, { env: Object.fromEntries(moved) });
      services[service] = { serve, daemon: serve() };
    }
  }
  await untilReady();
};
const untilReady = async (): Promise<void> => {
  for (const port of [5000, 7000, 5002, 7002]) {
    await machine.until(60, [
      "bash",
      "-c",
      `exec 3<>/dev/tcp/127.0.0.1/${port} && printf 'GET /health/ready HTTP/1.0\\r\\n\\r\\n' >&3 && grep -q '200 OK' <&3`,
    ]);
  }
};
/** Where `olympus-init` finds the four here: no container moves their ports. */
export const ORY_ENDPOINTS = {
  OLYMPUS_CIAM_HYDRA: "http://127.0.0.1:5003",
  OLYMPUS_IAM_HYDRA: "http://127.0.0.1:7003",
  OLYMPUS_CIAM_HYDRA_PUBLIC: "http://127.0.0.1:5002",
  OLYMPUS_IAM_HYDRA_PUBLIC: "http://127.0.0.1:7002",
  OLYMPUS_CIAM_KRATOS: "http://127.0.0.1:5001",
  OLYMPUS_IAM_KRATOS: "http://127.0.0.1:7001",
};

/** A machine with Postgres up, as the compose file starts it, and further programs to be started. */
export const openStack = async (further: readonly ProgramName[] = []): Promise<void> => {
  machine = await startMachine(["kratos", "hydra", ...further]);
  config = join(machine.root, "config");
  writeValues();
  await startPostgres();
};
export const closeStack = (): Promise<void> | undefined => machine?.stop();
