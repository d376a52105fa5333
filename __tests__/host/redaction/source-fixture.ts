import { cpSync, mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { curl, curlJson, machine, psql, stackSecrets, stackValues } from "../bundle/stack.ts";
import { FILES, writeConfig } from "../bundle/values.ts";

export const ADMIN = "http://127.0.0.1:5001/admin/identities";
export const PUBLIC = "http://127.0.0.1:5000";
export const SOURCE_PASSWORD = "correct horse battery";
export const NEW_PASSWORD = "it's another horse";

/** People as production has them, one of each schema, with what only a person knows in every trait that may hold it. */
export const SOURCE_PEOPLE = [
  {
    schema_id: "default",
    login: "ada.lovelace@people.example",
    traits: {
      email: "ada.lovelace@people.example",
      username: "adalovelace",
      first_name: "Ada",
      last_name: "Lovelace",
      phone: "+441234567890",
    },
  },
  {
    schema_id: "customer",
    login: "grace.hopper@people.example",
    traits: {
      email: "grace.hopper@people.example",
      customer_id: "CUST-987654321",
      first_name: "Grace",
      last_name: "Hopper",
      date_of_birth: "1906-12-09",
      shipping_address: { street: "Arlington Ridge Road" },
    },
  },
  {
    schema_id: "organizational",
    login: "EMP-HEDY-LAMARR",
    traits: {
      email: "hedy.lamarr@people.example",
      employee_id: "EMP-HEDY-LAMARR",
      first_name: "Hedy",
      last_name: "Lamarr",
      department: "Engineering",
      role: "senior",
    },
  },
];

const address = (email: string) => ({ value: email, verified: true, via: "email", status: "completed" });

export function createPeople(): void {
  for (const { schema_id, traits } of SOURCE_PEOPLE) {
    const body = {
      schema_id,
      traits,
      credentials: { password: { config: { password: SOURCE_PASSWORD } } },
      verifiable_addresses: [address(traits.email)],
      metadata_admin: { note: `known to ${traits.first_name} alone` },
      metadata_public: { nickname: traits.last_name },
    };
    const made = curlJson("-X", "POST", "-d", JSON.stringify(body), ADMIN);
    if (!made.id) throw new Error(JSON.stringify(made));
  }
}

/** Status of a login by the platform's API flow. */
export function loginStatus(identifier: string, password: string, base = PUBLIC): number {
  const { id } = curlJson(`${base}/self-service/login/api`);
  const body = JSON.stringify({ method: "password", identifier, password });
  const url = `${base}/self-service/login?flow=${id}`;
  const header = "Content-Type: application/json";
  return Number(
    curl("-o", "/dev/null", "-w", "%{http_code}", "-X", "POST", "-H", header, "-d", body, url).out,
  );
}

export const count = (database: string, sql: string): number => Number(psql(sql, database).out.trim());

/** Folder that the script takes for the machine's own; everything it writes is below. */
export const folder = mkdtempSync(join(tmpdir(), "olympus-redact-"));

interface Choices {
  readonly policy?: string;
  readonly password?: string;
  /** Folder of the bundle, for rules other than the shipped ones. */
  readonly bundle?: string;
}

/** The command line and variables of `olympus-redact`, with Postgres where this test has it. */
export function redaction(kind: string, source: string, out: string, choices: Choices = {}) {
  const { policy = "redacted", password = NEW_PASSWORD, bundle = FILES } = choices;
  for (const name of ["config", "run", "data"]) mkdirSync(join(folder, name), { recursive: true });
  writeConfig(join(folder, "config"), { ...stackValues, REAL_DATA: policy }, stackSecrets);
  const env = {
    OLYMPUS_CONFIG: join(folder, "config"),
    OLYMPUS_RUN: join(folder, "run"),
    OLYMPUS_DATA: join(folder, "data"),
    OLYMPUS_POSTGRES: machine.entry("70:70").join(" "),
  };
  const command = [join(bundle, "bin", "olympus-redact"), kind, source, join(folder, out)];
  return { command, env, input: `${password}\n` };
}

export function runRedaction(kind: string, source: string, out: string, choices?: Choices) {
  const { command, env, input } = redaction(kind, source, out, choices);
  return machine.outside(command, { env, input });
}

/** Path inside the machine of a dump that was written. */
export function handIn(out: string): string {
  cpSync(join(folder, out), join(machine.root, "tmp", out));
  machine.run(["chmod", "644", `/tmp/${out}`]);
  return `/tmp/${out}`;
}

/** What a dump of Postgres's custom format holds, as text. */
export const dumpText = (out: string): string =>
  machine.run(["pg_restore", "-f", "-", handIn(out)], { user: "70:70" }).out;
