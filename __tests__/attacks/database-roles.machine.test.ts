import { mkdirSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { OLYMPUS_PSQL } from "../../cli/shared/admin-apis.ts";
import {
  at,
  closeBackupFixture,
  configure,
  environment,
  openBackupFixture,
} from "../host/backup/backup-fixture.ts";
import { as, machine, psql, stackSecrets } from "../host/bundle/stack.ts";
import { PROOF, plants, SERVICE_ROLES } from "./planted-objects.ts";

// Whoever holds a service's database password plants what Postgres runs for others, then waits for the machine's own jobs.
// It stops where the superuser looks names up in pg_catalog alone and reads and writes no row of a service's table.

const plantedBy = (role: (typeof SERVICE_ROLES)[number], sql: string) =>
  as(role.role, stackSecrets[role.secret] ?? "", role.database, sql);

/** Roles whose objects ran with the superuser's rights since the last look. */
function climbed(): string[] {
  const proof = machine.run(["cat", PROOF]).out.trim().split("\n").filter(Boolean);
  const supers = psql("SELECT rolname FROM pg_catalog.pg_roles WHERE rolsuper AND rolname <> 'postgres'").out;
  machine.run(["rm", "-f", PROOF]);
  for (const role of supers.trim().split("\n").filter(Boolean)) psql(`ALTER ROLE "${role}" NOSUPERUSER`);
  return [...new Set([...proof, ...supers.trim().split("\n").filter(Boolean)])].sort();
}

/** Of everybody in a redacted copy. */
const PASSWORD = "a long new password\n";

/** A mail that was sent long ago, as Kratos writes it. */
const OLD_MAIL = `INSERT INTO public.courier_messages (id, type, status, body, subject, recipient, created_at, updated_at, template_type, nid)
  SELECT gen_random_uuid(), 1, 2, 'b', 's', 'r@example.com', now() - interval '40 days', now(), 'stub', id FROM public.networks`;

/** What Hera makes at its first logins, with a try of long ago in it. */
const APPLICATION = (
  domain: string,
) => `CREATE TABLE ${domain}_login_attempts (id int, attempt_time timestamptz);
  INSERT INTO ${domain}_login_attempts VALUES (1, now() - interval '100 days');
  ALTER TABLE ${domain}_security_audit_log ADD identity_id text, ADD admin_identity_id text`;

/** What the seed writes for a person who is locked out. */
const LOCKOUT = "UPDATE public.ciam_login_attempts SET id = 2";

beforeAll(async () => {
  await openBackupFixture(2);
  configure({ DISPOSABLE: "1", REAL_DATA: "redacted", MAIL_SANDBOX: "0" });
  for (const role of SERVICE_ROLES) {
    if (role.database === "olympus") plantedBy(role, APPLICATION(role.role.split("_")[1] ?? ""));
    if (role.role.endsWith("kratos")) expect(plantedBy(role, OLD_MAIL).err).toBe("");
  }
  for (const role of SERVICE_ROLES)
    for (const [kind, sql] of Object.entries(plants(role)))
      expect(plantedBy(role, sql).err, `${role.role}: ${kind}`).not.toContain("ERROR");
  mkdirSync(at("data/rest"), { recursive: true });
  writeFileSync(at("data/rest/record.json"), '{"at":"2026-01-01T00:00:00Z","databases":{}}');
  mkdirSync(at("data/backup"), { recursive: true });
  writeFileSync(at("data/backup/refresh.json"), '{"since":"2026-01-01T00:00:00Z"}');
});
afterAll(closeBackupFixture);

describe("a service's database role plants objects, and stays what it is through", () => {
  it.each([
    ["each minute's metrics", 0, "olympus-metrics"],
    ["housekeeping of mails", 0, "olympus-job", "mail-cleanup"],
    // The role of IAM has a view where its own table was: that fails, and rings.
    ["housekeeping of the audit log", 3, "olympus-job", "audit-anonymise"],
    ["the nightly vacuum", 0, "olympus-job", "vacuum"],
    ["a start", 0, "olympus-start"],
    ["a backup", 0, "olympus-backup", "by-hand"],
    ["a drill", 0, "olympus-drill"],
    ["a look at a restore", 0, "olympus-restore", "--look", "latest"],
    ["a restore", 0, "olympus-restore", "latest"],
    ["a look at a refresh", 0, "olympus-refresh", "--look"],
    ["what a refresh left", 0, "olympus-refresh", "--remains"],
    ["the comparison after a night", 0, "olympus-rest", "compare"],
    // A copy with functions in it is refused; until it is, they have run in the scratch database.
    ...["ciam_kratos", "ciam_hydra", "iam_kratos", "iam_hydra", "olympus"].map(
      (name): [string, number, string, ...string[]] => [
        `a redacted copy of ${name}`,
        3,
        "olympus-redact",
        ...[name.split("_")[1] ?? name, name, "/tmp/copy.dump"],
      ],
    ),
  ])("%s", (_, code, script, ...args) => {
    const done = machine.outside([at(`release/bin/${script}`), ...args], {
      env: environment(),
      input: PASSWORD,
    });
    expect(climbed(), done.err).toEqual([]);
    expect(done.code, done.err).toBe(code);
  });

  it("what the seed writes", () => {
    const done = machine.outside(["sh", "-c", OLYMPUS_PSQL], { env: environment(), input: LOCKOUT });
    expect(climbed(), done.err).toEqual([]);
    expect(done.code, done.err).toBe(0);
  });
});
