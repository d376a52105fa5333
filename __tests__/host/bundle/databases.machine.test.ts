import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { as, closeStack, machine, openStackOn, prepareDatabases, psql, stackSecrets } from "./stack.ts";
import { FILES } from "./values.ts";

beforeAll(() => openStackOn(undefined));
afterAll(closeStack);

describe("databases.sql", () => {
  it("makes roles and databases, and changes nothing the second time", () => {
    expect(prepareDatabases()).toMatchObject({ code: 0, out: "", err: "" });
    const before = psql(
      "SELECT rolname, rolsuper FROM pg_roles ORDER BY 1; SELECT datname FROM pg_database ORDER BY 1",
    ).out;
    expect(prepareDatabases()).toMatchObject({ code: 0, err: "" });
    expect(
      psql("SELECT rolname, rolsuper FROM pg_roles ORDER BY 1; SELECT datname FROM pg_database ORDER BY 1")
        .out,
    ).toBe(before);
  });
  it("gives each role its own database and no other", () => {
    const password = stackSecrets.CIAM_KRATOS_DB_PASSWORD ?? "";
    expect(as("ciam_kratos", password, "ciam_kratos", "CREATE TABLE mine (); DROP TABLE mine").code).toBe(0);
    for (const database of ["iam_kratos", "ciam_hydra", "olympus", "postgres"]) {
      expect(as("ciam_kratos", password, database, "SELECT 1").err).toContain("no pg_hba.conf entry");
    }
    expect(
      psql(
        "SELECT count(*) FROM pg_roles WHERE rolname !~ '^pg_' AND rolname <> 'postgres' AND (rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls)",
      ).out.trim(),
    ).toBe("0");
    expect(
      psql(
        "SELECT count(*) FROM pg_database WHERE has_database_privilege('iam_kratos', datname, 'CONNECT') AND NOT datistemplate AND datname <> 'iam_kratos'",
      ).out.trim(),
    ).toBe("0");
  });
  it("keeps the tables of the two domains in olympus apart", () => {
    const ciam = stackSecrets.OLYMPUS_CIAM_DB_PASSWORD ?? "";
    const iam = stackSecrets.OLYMPUS_IAM_DB_PASSWORD ?? "";
    expect(as("olympus_ciam", ciam, "olympus", "CREATE TABLE ciam_settings (key text)").code).toBe(0);
    expect(as("olympus_iam", iam, "olympus", "SELECT * FROM ciam_settings").err).toContain(
      "permission denied",
    );
  });
  it("lets pgAdmin look and not touch, and the exporter see figures only", () => {
    const pgadmin = stackSecrets.PGADMIN_DB_PASSWORD ?? "";
    expect(as("pgadmin", pgadmin, "olympus", "SELECT count(*) FROM public.ciam_settings").out.trim()).toBe(
      "0",
    );
    expect(
      as(
        "pgadmin",
        pgadmin,
        "olympus",
        "SET default_transaction_read_only = off; SET transaction_read_only = off; DELETE FROM public.ciam_settings",
      ).err,
    ).toContain("permission denied");
    // Not among what services make under any name in their schema: one of theirs would run with pgAdmin's rights.
    expect(as("pgadmin", pgadmin, "olympus", "SHOW search_path").out.trim()).toBe('""');
    const metrics = stackSecrets.METRICS_DB_PASSWORD ?? "";
    expect(as("metrics", metrics, "postgres", "SELECT count(*) > 0 FROM pg_stat_database").out.trim()).toBe(
      "t",
    );
    expect(as("metrics", metrics, "ciam_kratos", "SELECT 1").code).not.toBe(0);
  });
  it("asks for TLS, the right name and the password, and never for the superuser", () => {
    const password = stackSecrets.IAM_HYDRA_DB_PASSWORD ?? "";
    expect(
      as(
        "iam_hydra",
        password,
        "iam_hydra",
        "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()",
      ).out.trim(),
    ).toBe("t");
    expect(as("iam_hydra", password, "iam_hydra", "SELECT 1", "disable").err).toContain("no encryption");
    expect(as("iam_hydra", "wrong", "iam_hydra", "SELECT 1").err).toContain("password authentication failed");
    expect(
      as("postgres", stackSecrets.POSTGRES_SUPERUSER_PASSWORD ?? "", "postgres", "SELECT 1").err,
    ).toContain("no pg_hba.conf entry");
    const elsewhere = machine.run(
      [
        "psql",
        "-c",
        "SELECT 1",
        "host=site user=iam_hydra dbname=iam_hydra sslmode=verify-full sslrootcert=/etc/olympus/pg-ca.crt",
      ],
      { env: { PGPASSWORD: password } },
    );
    expect(elsewhere.err).toContain('does not match host name "site"');
  });
  it("anonymises the audit log after 90 days, and only then", () => {
    const table =
      "CREATE TABLE ciam_security_audit_log (id bigserial, event_type text, identifier text, identity_id text, admin_identity_id text, metadata jsonb, created_at timestamptz)";
    const row = (days: number) =>
      `INSERT INTO ciam_security_audit_log (identifier, metadata, created_at) VALUES ('p${days}@example.com', '{"ip":"192.0.2.1"}', now() - interval '${days} days')`;
    const own = ["-U", "olympus_ciam", "-v", "domain=ciam"];
    expect(psql(`${table}; ${row(91)}; ${row(89)}`, "olympus", own).err).toBe("");
    const sql = readFileSync(join(FILES, "postgres/anonymise-audit.sql"), "utf8");
    for (let i = 0; i < 2; i++) expect(psql(sql, "olympus", own)).toMatchObject({ code: 0, err: "" });
    expect(psql("SELECT identifier, metadata FROM ciam_security_audit_log ORDER BY id", "olympus").out).toBe(
      'anonymised|\np89@example.com|{"ip": "192.0.2.1"}\n',
    );
  });
});
