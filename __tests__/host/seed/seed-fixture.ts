import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { childEnvironment } from "../../../lib/process-env.ts";
import { openStack } from "../bundle/migrated-stack.ts";
import { closeStack, curlJson, machine, prepareDatabases, psql, startOry } from "../bundle/stack.ts";
import { FILES } from "../bundle/values.ts";

// The real stack, and the verbs run inside its network as an operator runs them.
export const TEST_PASSWORD = "a-password-of-the-tests-alone";
let folder: string;

export const openSeedFixture = async (): Promise<void> => {
  await openStack();
  prepareDatabases();
  await startOry();
  folder = mkdtempSync(join(tmpdir(), "olympus-town-"));
  const words = machine.entry("70:70").join(" ");
  const path = "PATH=/usr/lib/postgresql/18/bin:/usr/bin:/bin";
  const line = `exec ${words} env ${path} psql -X -q -A -t -v ON_ERROR_STOP=1 -U olympus_ciam -d olympus`;
  writeFileSync(join(folder, "psql"), `#!/bin/sh\n${line}\n`, { mode: 0o755 });
};

export const closeSeedFixture = async (): Promise<void> => {
  await closeStack();
  if (folder) rmSync(folder, { recursive: true, force: true });
};

/** Starts a verb against staging; ports of CIAM's and IAM's first API. */
export const startVerb = (
  verb: string,
  args: readonly string[] = [],
  ports = "5000,7000",
  password = TEST_PASSWORD,
) => {
  writeFileSync(join(folder, "password"), password);
  const own = [`--local`, ports, "--password-file", join(folder, "password")];
  const sql = verb === "seed" ? ["--psql", join(folder, "psql")] : [];
  const command = ["node", "scripts/run.mjs", verb, "staging", ...own, ...sql, "--json", ...args];
  const [file = "", ...rest] = machine.inside(command);
  // A group of its own, so that a kill reaches node and not nsenter alone (which becomes node all the same).
  return execa(file, rest, { env: childEnvironment(), extendEnv: false, reject: false, buffer: true });
};

/** Runs a verb to its end; what it printed as JSON. */
export const olympus = async (verb: string, args: readonly string[] = [], ports?: string) => {
  const { exitCode, stdout, stderr } = await startVerb(verb, args, ports);
  if (!String(stdout).startsWith("{")) throw new Error(`${verb} ended with ${exitCode}: ${stderr}`);
  return { exitCode, ...JSON.parse(String(stdout)) };
};

export const query = (database: string, sql: string, role = "postgres"): string => {
  const { code, out, err } = psql(sql, database, ["-U", role]);
  if (code !== 0) throw new Error(err);
  return out.trim();
};

/** Everything about everybody that does not come from chance: ids, times and keys are left out. */
export const identityDigest = (): string =>
  ["ciam_kratos", "iam_kratos"]
    .map((database) =>
      query(
        database,
        `SELECT count(*), md5(string_agg(line, E'\\n' ORDER BY line COLLATE "C")) FROM (
           SELECT concat_ws('|', i.schema_id, i.state, i.traits, i.metadata_admin #- '{synthetic,totp_key}',
             (SELECT string_agg(v.value || v.verified || v.status, ',') FROM identity_verifiable_addresses v WHERE v.identity_id = i.id),
             (SELECT string_agg(r.value, ',') FROM identity_recovery_addresses r WHERE r.identity_id = i.id),
             (SELECT string_agg(t.name, ',' ORDER BY t.name) FROM identity_credentials c JOIN identity_credential_types t ON t.id = c.identity_credential_type_id WHERE c.identity_id = i.id),
             (SELECT string_agg(ci.identifier, ',' ORDER BY ci.identifier) FROM identity_credential_identifiers ci JOIN identity_credentials c ON c.id = ci.identity_credential_id WHERE c.identity_id = i.id AND position(i.id::text IN ci.identifier) = 0)
           ) AS line FROM identities i) AS lines`,
      ),
    )
    .join(" ");

/** Nobody and nothing of the seed's is left. */
export const removeSeeded = (): void => {
  for (const database of ["ciam_kratos", "iam_kratos"])
    query(
      database,
      "TRUNCATE identities, sessions, selfservice_login_flows, selfservice_settings_flows CASCADE",
    );
  query("ciam_hydra", "TRUNCATE hydra_oauth2_flow, hydra_client CASCADE");
  query("olympus", "DROP TABLE IF EXISTS ciam_lockouts");
};

/** Hera's own table, as its SDK makes it at the first login. */
export const makeLockouts = (): string =>
  query(
    "olympus",
    `CREATE TABLE ciam_lockouts (id bigserial PRIMARY KEY, identifier text NOT NULL, identity_id text,
       locked_at timestamptz DEFAULT now(), locked_until timestamptz, unlocked_at timestamptz, unlock_reason text,
       unlocked_by_admin_id text, lock_reason text DEFAULT 'brute_force', auto_threshold_at smallint, trigger_ip inet)`,
    "olympus_ciam",
  );

/** Runs the machine's own hourly logins; the ports are those of the containers. */
export const runHourlyLogins = (...args: string[]) => {
  const folderOf = join(folder, "config");
  mkdirSync(folderOf, { recursive: true });
  writeFileSync(join(folderOf, "secrets.env"), `SYNTHETIC_PASSWORD=${TEST_PASSWORD}\n`);
  return machine.outside([join(FILES, "bin/olympus-logins"), ...args], {
    env: {
      ...{ OLYMPUS_CONFIG: folderOf, OLYMPUS_RUN: join(folder, "run") },
      ...{ OLYMPUS_CIAM_KRATOS: "http://127.0.0.1:5000", OLYMPUS_CIAM_KRATOS_ADMIN: "http://127.0.0.1:5001" },
      ...{ OLYMPUS_CIAM_HYDRA: "http://127.0.0.1:5002", OLYMPUS_CIAM_HYDRA_ADMIN: "http://127.0.0.1:5003" },
    },
  });
};
/** What the hourly logins leave for the collector of metrics. */
export const loginMetrics = (): string => readFileSync(join(folder, "run/metrics/logins.prom"), "utf8");

/** The status of a login by the platform's API flow, and what it answered. */
export const tryLogin = (identifier: string, password = TEST_PASSWORD, port = 5000) => {
  const flow = curlJson(`http://127.0.0.1:${port}/self-service/login/api`);
  const body = JSON.stringify({ method: "password", identifier, password });
  const { out } = machine.outside(
    [
      ...["curl", "-sS", "-m", "20", "-w", "\n%{http_code}", "-H", "Content-Type: application/json"],
      ...["--data-binary", "@-", `http://127.0.0.1:${port}/self-service/login?flow=${flow.id}`],
    ],
    { input: body },
  );
  const end = out.lastIndexOf("\n");
  return { status: out.slice(end + 1), body: JSON.parse(out.slice(0, end)) };
};
