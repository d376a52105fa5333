import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { stderrProgress } from "../../../lib/progress.ts";
import { type ObjectStore, startObjectStore } from "../../../sandbox/object-store.ts";
import { ensureRestic } from "../../../sandbox/programs/restic.ts";
import { composeServices } from "../bundle/compose.ts";
import type { CommandOutput } from "../bundle/machine.ts";
import { openStack } from "../bundle/migrated-stack.ts";
import { as, closeStack, environmentOf, machine, psql, stackSecrets, stackValues } from "../bundle/stack.ts";
import { envText, FILES, writeConfig } from "../bundle/values.ts";

// The host's own scripts against the real Postgres, Kratos, Hydra, restic and an S3 server; what stands in for podman is
// the one seam (`podman` and `olympus-start` beside this file).
const HERE = join("__tests__", "host", "backup");
const STORE_PORT = 9000;
const PORTS = { "ciam-kratos": 5000, "iam-kratos": 7000, "ciam-hydra": 5002, "iam-hydra": 7002 };
export const DATABASES = ["ciam_kratos", "ciam_hydra", "iam_kratos", "iam_hydra", "olympus"];
export const BUCKET = "olympus-backups";

let store: ObjectStore;
let restic: string;
export const at = (path: string): string => join(machine.root, path);
const release = (): string => at("release");

/** Where the S3 server keeps the objects of a bucket, as files. */
export const objects = (bucket = BUCKET): string => join(at("store"), bucket);

export const namesIn = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder).sort() : []);

/** Those that restic holds in the store. */
export const locks = (): string[] => namesIn(join(objects(), "locks"));

/** Writes the environment's values anew, with `changes` of the plain and the secret ones. */
export function configure(
  changes: Record<string, string> = {},
  secrets: Record<string, string> = {},
  bucket = BUCKET,
): void {
  const repository = { BACKUP_REPOSITORY: `s3:${store.endpoint}/${bucket}` };
  const keys = {
    BACKUP_ACCESS_KEY_ID: store.accessKeyId,
    BACKUP_SECRET_ACCESS_KEY: store.secretAccessKey,
  };
  writeConfig(
    at("config"),
    { ...stackValues, ...repository, ...changes },
    { ...stackSecrets, ...keys, ...secrets },
  );
}

/** What the scripts of the release find here. */
export const environment = (): Record<string, string> => ({
  PATH: [at("bin-of-test"), restic, "/usr/sbin:/usr/bin:/sbin:/bin"].join(":"),
  OLYMPUS_CONFIG: at("config"),
  OLYMPUS_RUN: at("run-of-test"),
  OLYMPUS_DATA: at("data"),
  PROCESSES: at("processes"),
  HOLDER: String(machine.pid),
  ROOT: machine.root,
  OLYMPUS_STORE_PATIENCE: "8",
});

/** Runs a script of the release to its end. */
export const run = (name: string, ...args: string[]): CommandOutput =>
  machine.outside([join(release(), "bin", name), ...args], { env: environment() });

/** What stands in for podman, asked by hand. */
export const fakePodman = (...args: string[]): CommandOutput =>
  machine.outside([at("bin-of-test/podman"), ...args], { env: environment() });

/** The same, from within a folder. */
export const runIn = (folder: string, name: string, ...args: string[]): CommandOutput =>
  machine.outside(["env", "-C", folder, join(release(), "bin", name), ...args], { env: environment() });

/**
 * Starts a script and kills it after `ms` milliseconds: with all that it started, or alone. Returns what it had said so far;
 * undefined when it was through before.
 */
export async function killAfter(
  ms: number,
  isAlone: boolean,
  name: string,
  ...args: string[]
): Promise<string | undefined> {
  const command = ["-t", String(machine.pid), "-n", join(release(), "bin", name), ...args];
  const said = openSync(at("said"), "w");
  const child: ChildProcess = spawn("nsenter", command, {
    env: environment(),
    stdio: ["ignore", "ignore", said],
    detached: true,
  });
  closeSync(said);
  const ended = once(child, "exit");
  await Promise.race([ended, new Promise((done) => setTimeout(done, ms))]);
  const isAtWork = child.exitCode === null;
  if (isAtWork && child.pid) process.kill(isAlone ? child.pid : -child.pid, "SIGKILL");
  await ended;
  return isAtWork ? readFileSync(at("said"), "utf8") : undefined;
}

/** What a logical dump of a database says, without the token that differs in each. */
export function dump(database: string): string {
  const text = machine.run(["pg_dump", "-d", database], { user: "70:70" });
  if (text.code !== 0) throw new Error(text.err);
  return text.out.replaceAll(/^\\(un)?restrict .*$/gm, "");
}
export const dumps = (): string[] => DATABASES.map(dump);
export const databases = (): string[] =>
  psql("SELECT datname FROM pg_database WHERE NOT datistemplate ORDER BY 1").out.trim().split("\n");

/** The services that say that they are ready. */
export const serving = (): string[] =>
  Object.entries(PORTS)
    .filter(([, port]) => {
      const url = `http://127.0.0.1:${port}/health/ready`;
      return machine.outside(["curl", "-fsS", "-m", "5", "-o", "/dev/null", url]).code === 0;
    })
    .map(([service]) => service);

/** What the applications of each domain make for themselves, by domain. */
const SETTINGS = Object.fromEntries(
  ["ciam", "iam"].map((domain) => [
    domain,
    `CREATE TABLE ${domain}_settings (key text PRIMARY KEY, value text, encrypted boolean);
INSERT INTO ${domain}_settings VALUES ('captcha.enabled', 'false', false), ('quote''s', E'a\\nb|c', true);
CREATE TABLE ${domain}_security_audit_log (id bigserial PRIMARY KEY, event_type text, identifier text, metadata jsonb, created_at timestamptz DEFAULT now());
INSERT INTO ${domain}_security_audit_log (event_type, identifier, metadata) SELECT 'lockout_created', 'p' || i || '@example.com', '{"ip": "192.0.2.1"}' FROM generate_series(1, 50) i;`,
  ]),
);

/** One bcrypt hash for everybody: hashing is not what is tested. */
const HASH = "$2b$12$iJZyQQKuFtT3cnDWHrFUpOSGvzhJ9gQpO1U0dN0lXKYHUVJPS7pD6";

/** Adds so many people by the admin API of the customers' Kratos. */
export function addPeople(from: number, count: number): void {
  const identity = (i: number) => ({
    schema_id: "default",
    traits: { email: `person-${i}@example.com`, username: `person${i}` },
    credentials: { password: { config: { hashed_password: HASH } } },
    verifiable_addresses: [
      { value: `person-${i}@example.com`, via: "email", verified: true, status: "completed" },
    ],
  });
  const identities = Array.from({ length: count }, (_, i) => ({ create: identity(from + i) }));
  const answer = machine.outside(
    [
      ...["curl", "-sS", "-X", "PATCH", "-H", "Content-Type: application/json", "-d", "@-"],
      "http://127.0.0.1:5001/admin/identities",
    ],
    { input: JSON.stringify({ identities }) },
  );
  const made = JSON.parse(answer.out).identities as { action: string }[];
  if (made?.length !== count || made.some(({ action }) => action !== "create")) throw new Error(answer.out);
}

/** Rows of a table, as one number. */
export const rows = (database: string, table: string): number =>
  Number(psql(`SELECT count(*) FROM ${table}`, database).out);

function writeProcesses(): void {
  for (const [service, port] of Object.entries(PORTS)) {
    const program = service.split("-")[1] ?? "";
    const folder = at(`processes/${service}`);
    mkdirSync(folder, { recursive: true });
    machine.put(`${program}/${service.split("-")[0]}`, `/etc/config/${service}`);
    const moved = (text: string) => text.replaceAll(`/etc/config/${program}/`, `/etc/config/${service}/`);
    for (const file of readdirSync(at(`etc/config/${service}`)).filter((name) => name.endsWith(".yml"))) {
      const path = at(`etc/config/${service}/${file}`);
      writeFileSync(path, moved(readFileSync(path, "utf8")));
    }
    const command = [program, ...(composeServices()[service]?.command ?? [])];
    writeFileSync(join(folder, "command"), `${command.map(moved).join("\n")}\n`);
    writeFileSync(join(folder, "environment"), moved(envText(environmentOf(service))));
    writeFileSync(join(folder, "port"), `${port}\n`);
  }
}

/** A machine whose Olympus runs, with people, clients and settings in it, and an empty store. */
export async function openBackupFixture(people = 200): Promise<void> {
  await openStack();
  restic = await ensureRestic(stderrProgress);
  cpSync(FILES, release(), { recursive: true });
  writeFileSync(join(release(), "images.env"), "IMAGE_POSTGRES=postgres:18\n");
  cpSync(join(HERE, "olympus-start"), join(release(), "bin", "olympus-start"));
  mkdirSync(at("bin-of-test"));
  cpSync(resolve(HERE, "podman"), join(at("bin-of-test"), "podman"));
  for (const folder of ["data/caddy/instance", "run-of-test"]) mkdirSync(at(folder), { recursive: true });
  writeFileSync(at("data/caddy/instance/uuid"), "of-this-machine\n");
  const prefix = ["nsenter", "-t", String(machine.pid), "-n"];
  const region = stackValues.BACKUP_REGION ?? "";
  const settings = { folder: at("store"), address: "127.0.0.1", port: STORE_PORT, region, prefix };
  store = await startObjectStore(settings, stderrProgress);
  mkdirSync(objects(), { recursive: true });
  configure();
  writeFileSync(at("config/secrets.sops.yaml"), "KEY: ENC[AES256_GCM,data:x]\n");
  writeProcesses();
  const started = run("olympus-start");
  if (started.code !== 0) throw new Error(started.err);
  for (const [domain, sql] of Object.entries(SETTINGS)) {
    const password = stackSecrets[`OLYMPUS_${domain.toUpperCase()}_DB_PASSWORD`] ?? "";
    const made = as(`olympus_${domain}`, password, "olympus", sql);
    if (made.code !== 0) throw new Error(made.err);
  }
  for (let i = 0; i < people; i += 200) addPeople(i, Math.min(200, people - i));
}

export async function closeBackupFixture(): Promise<void> {
  if (!machine) return;
  if (existsSync(at("bin-of-test/podman")))
    machine.outside(["podman", "stop", ...Object.keys(PORTS).map((name) => `olympus-${name}`)], {
      env: environment(),
    });
  await store?.stop();
  await closeStack();
}

/** The last answer that a script recorded. */
export const recorded = (name: string) => JSON.parse(readFileSync(at(`data/backup/${name}.json`), "utf8"));
export const backupMetrics = (name: string): string =>
  readFileSync(at(`run-of-test/metrics/olympus-${name}.prom`), "utf8");
