import { readFileSync } from "node:fs";
import { join } from "node:path";
import { execaSync } from "execa";
import type { ProgramName } from "../../../sandbox/programs/programs.ts";
import { createCertificates } from "../../support/certificates.ts";
import { composeServices } from "./compose.ts";
import { type CommandOutput, type Daemon, type MachineFixture, startMachine } from "./machine.ts";
import { OIDC_PROVIDERS } from "./oidc-providers.ts";
import { createSecretValues, FILES, plainValues, writeConfig } from "./values.ts";

// Postgres 18, Kratos and Hydra with the bundle's own files, at the paths and under the names that the containers have.
export const stackValues = plainValues({ FIRST_ADMINISTRATOR: "admin+first@your-app.com" });
export const stackSecrets = createSecretValues({ CIAM_OIDC_PROVIDERS: OIDC_PROVIDERS });
export const POSTGRES_USER = "70:70";

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
  if (done.err) throw new Error(done.err);
  return done.out;
};
/** As the superuser, or whom `-U` in `args` names; tables may be called by their bare names. */
export const psql = (input: string, database = "postgres", args: string[] = []): CommandOutput =>
  machine.run(["psql", "-X", "-q", "-A", "-t", "-d", database, ...args], {
    user: POSTGRES_USER,
    input,
    env: { PGOPTIONS: "-c search_path=public" },
  });
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

/** Where Postgres keeps its data in the machine, as in its container. */
export const POSTGRES_DATA = "var/lib/postgresql/18";

const startPostgres = async (databases: string | undefined): Promise<void> => {
  await createCertificates(join(machine.root, "etc/olympus/postgres-tls"), "ca", { server: ["postgres"] });
  machine.put(join(machine.root, "etc/olympus/postgres-tls/ca.crt"), "/etc/olympus/pg-ca.crt");
  machine.put("postgres/server", "/etc/olympus/postgres");
  const own =
    "mkdir -p /var/lib/postgresql/18 /var/run/postgresql && chown -R 70:70 /var/lib/postgresql /var/run/postgresql /etc/olympus/postgres-tls && chmod 600 /etc/olympus/postgres-tls/*.key";
  machine.run(["bash", "-c", own]);
  if (databases) execaSync("tar", ["-C", machine.root, "--numeric-owner", "-xpf", databases]);
  else initialise();
  const PGDATA = String(composeServices().postgres?.environment?.PGDATA);
  const options = { user: POSTGRES_USER, env: { PGDATA } };
  // Programs are killed here, the power is never cut: what only that needs would take most of the time on a busy disk.
  const words = [...(composeServices().postgres?.command ?? []), "-c", "fsync=off"];
  const serve = () => machine.daemon(words, options);
  services.postgres = { serve, daemon: serve() };
  await machine.until(30, ["pg_isready", "-q"]);
};

const initialise = (): void => {
  const initdb = String(composeServices().postgres?.environment?.POSTGRES_INITDB_ARGS).split(" ");
  const words = ["initdb", "-D", `/${POSTGRES_DATA}/docker`, "-U", "postgres", "--no-sync", ...initdb];
  const made = machine.run(words, { user: POSTGRES_USER });
  if (made.code !== 0 || made.err) throw new Error(made.err);
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
const ORY = ["ciam", "iam"].flatMap((domain) =>
  ["kratos", "hydra"].map((program) => ({ domain, program, service: `${domain}-${program}` })),
);

/** Lays the four services' configuration out and brings their tables up to date; nothing to do where they are. */
export const migrateOry = (): void => {
  for (const { domain, program, service } of ORY) {
    // Two containers have the same path; two folders and one rewritten path stand for them here.
    machine.put(`${program}/${domain}`, `/etc/config/${service}`);
    const sed = `s#/etc/config/${program}/#/etc/config/${service}/#g`;
    machine.run(["bash", "-c", `sed -i '${sed}' /etc/config/${service}/*.yml`]);
    const env = { DSN: environmentOf(service).DSN ?? "" };
    const migrated = machine.run(command(`${service}-migrate`, program), { env });
    if (migrated.code !== 0) throw new Error(migrated.err);
  }
};

export const startOry = async (): Promise<void> => {
  migrateOry();
  for (const { program, service } of ORY) {
    const own = (text: string) => text.replaceAll(`/etc/config/${program}/`, `/etc/config/${service}/`);
    const args = command(service, program).map(own);
    const env = Object.fromEntries(Object.entries(environmentOf(service)).map(([k, v]) => [k, own(v)]));
    const serve = () => machine.daemon(args, { env });
    services[service] = { serve, daemon: serve() };
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

/**
 * A machine with Postgres up, as the compose file starts it, and further programs to be started. `databases`: archive of
 * its data; without one a new cluster is made.
 */
export const openStackOn = async (
  databases: string | undefined,
  further: readonly ProgramName[] = [],
): Promise<void> => {
  machine = await startMachine(["kratos", "hydra", ...further]);
  config = join(machine.root, "config");
  writeValues();
  await startPostgres(databases);
};

export const closeStack = (): Promise<void> | undefined => machine?.stop();
