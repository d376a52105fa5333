import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { composeServices } from "./compose.ts";
import { type Answer, type Machine, startMachine } from "./machine.ts";
import { certificates, FILES, plainValues, secretValues, writeConfig } from "./values.ts";

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
const plain = plainValues({ ADMIN_EMAIL: "admin+first@your-app.com" });
const secret = secretValues({ CIAM_OIDC_PROVIDERS: PROVIDERS });
const POSTGRES_USER = "70:70";

let machine: Machine;
let config: string;

const script = (name: string, args: string[] = [], env: Record<string, string> = {}): Answer =>
  machine.outside([join(FILES, "bin", name), ...args], { env: { OLYMPUS_CONFIG: config, ...env } });
const render = (...files: string[]): string => {
  const done = script(
    "olympus-render",
    files.map((file) => join(FILES, file)),
  );
  expect(done.err).toBe("");
  return done.out;
};
const psql = (input: string, database = "postgres", args: string[] = []): Answer =>
  machine.run(["psql", "-X", "-q", "-A", "-t", "-d", database, ...args], { user: POSTGRES_USER, input });
const as = (role: string, password: string, database: string, sql: string, tls = "verify-full"): Answer =>
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
const prepareDatabases = (): Answer =>
  psql(render("postgres/passwords.sql") + readFileSync(join(FILES, "postgres/databases.sql"), "utf8"));

/** What the container of a service would have in its environment: the compose file's values and its secrets. */
const environmentOf = (service: string): Record<string, string> => {
  const fill = (text: string) => text.replaceAll(/\$\{(\w+)\}/g, (_, key: string) => plain[key] ?? "");
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
const curl = (...args: string[]): Answer => machine.outside(["curl", "-sS", "-m", "20", ...args]);
const json = (...args: string[]) => JSON.parse(curl(...args).out);

const startPostgres = async (): Promise<void> => {
  certificates(join(machine.root, "etc/olympus/postgres-tls"), "ca", { server: "DNS:postgres" });
  machine.put(join(machine.root, "etc/olympus/postgres-tls/ca.crt"), "/etc/olympus/pg-ca.crt");
  machine.put("postgres", "/etc/olympus/postgres");
  const initdb = String(composeServices().postgres?.environment?.POSTGRES_INITDB_ARGS).split(" ");
  machine.run([
    "bash",
    "-c",
    "mkdir -p /var/lib/postgresql/18 /var/run/postgresql && chown -R 70:70 /var/lib/postgresql /var/run/postgresql /etc/olympus/postgres-tls && chmod 600 /etc/olympus/postgres-tls/*.key",
  ]);
  const made = machine.run(["initdb", "-D", "/var/lib/postgresql/18/docker", "-U", "postgres", ...initdb], {
    user: POSTGRES_USER,
  });
  expect(made.err).toBe("");
  const PGDATA = String(composeServices().postgres?.environment?.PGDATA);
  machine.daemon(composeServices().postgres?.command ?? [], {
    user: POSTGRES_USER,
    env: { PGDATA },
  });
  await machine.until(30, ["pg_isready", "-q"]);
};
const startOry = async (): Promise<void> => {
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
      machine.daemon(args, { env: Object.fromEntries(moved) });
    }
  }
  for (const port of [5000, 7000, 5002, 7002]) {
    await machine.until(60, [
      "bash",
      "-c",
      `exec 3<>/dev/tcp/127.0.0.1/${port} && printf 'GET /health/ready HTTP/1.0\\r\\n\\r\\n' >&3 && grep -q '200 OK' <&3`,
    ]);
  }
};

beforeAll(async () => {
  machine = await startMachine(["kratos", "hydra"]);
  config = join(machine.root, "config");
  writeConfig(config, plain, secret);
  await startPostgres();
});
afterAll(() => machine?.stop());

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
    const password = secret.CIAM_KRATOS_DB_PASSWORD ?? "";
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
    const ciam = secret.OLYMPUS_CIAM_DB_PASSWORD ?? "";
    const iam = secret.OLYMPUS_IAM_DB_PASSWORD ?? "";
    expect(as("olympus_ciam", ciam, "olympus", "CREATE TABLE ciam_settings (key text)").code).toBe(0);
    expect(as("olympus_iam", iam, "olympus", "SELECT * FROM ciam_settings").err).toContain(
      "permission denied",
    );
  });
  it("lets pgAdmin look and not touch, and the exporter see figures only", () => {
    const pgadmin = secret.PGADMIN_DB_PASSWORD ?? "";
    expect(as("pgadmin", pgadmin, "olympus", "SELECT count(*) FROM ciam_settings").out.trim()).toBe("0");
    expect(
      as(
        "pgadmin",
        pgadmin,
        "olympus",
        "SET default_transaction_read_only = off; SET transaction_read_only = off; DELETE FROM ciam_settings",
      ).err,
    ).toContain("permission denied");
    const metrics = secret.METRICS_DB_PASSWORD ?? "";
    expect(as("metrics", metrics, "postgres", "SELECT count(*) > 0 FROM pg_stat_database").out.trim()).toBe(
      "t",
    );
    expect(as("metrics", metrics, "ciam_kratos", "SELECT 1").code).not.toBe(0);
  });
  it("asks for TLS, the right name and the password, and never for the superuser", () => {
    const password = secret.IAM_HYDRA_DB_PASSWORD ?? "";
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
    expect(as("postgres", secret.POSTGRES_SUPERUSER_PASSWORD ?? "", "postgres", "SELECT 1").err).toContain(
      "no pg_hba.conf entry",
    );
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
});

describe("Kratos, Hydra and the seed", () => {
  beforeAll(async () => {
    await startOry();
  });
  const seed = (): Answer =>
    script("olympus-seed", [], {
      OLYMPUS_CIAM_HYDRA: "http://127.0.0.1:5003",
      OLYMPUS_IAM_HYDRA: "http://127.0.0.1:7003",
      OLYMPUS_IAM_KRATOS: "http://127.0.0.1:7001",
    });
  const login = (port: number, identifier: string, password: string) => {
    const flow = json(`http://127.0.0.1:${port}/self-service/login/api`);
    const body = JSON.stringify({ method: "password", identifier, password });
    return json(
      "-X",
      "POST",
      "-H",
      "Content-Type: application/json",
      "-d",
      body,
      `http://127.0.0.1:${port}/self-service/login?flow=${flow.id}`,
    );
  };

  it("offers the providers of the one environment value", () => {
    const flow = json("-H", "Accept: application/json", "http://127.0.0.1:5000/self-service/login/browser");
    const offered = flow.ui.nodes
      .filter((n: { group: string }) => n.group === "oidc")
      .map((n: { attributes: { value: string } }) => n.attributes.value);
    expect(offered.sort()).toEqual(["apple", "google"]);
    expect(flow.ui.action).toContain(`https://${plain.CIAM_LOGIN_HOST}/self-service/login`);
  });
  it("issues under the configured host", () => {
    expect(json("http://127.0.0.1:5002/.well-known/openid-configuration").issuer.replace(/\/$/, "")).toBe(
      `https://${plain.CIAM_OAUTH_HOST}`,
    );
    expect(
      json("http://127.0.0.1:7002/.well-known/openid-configuration").subject_types_supported.sort(),
    ).toEqual(["pairwise", "public"]);
  });
  it("seeds once: the second run writes nothing", () => {
    const first = seed();
    expect(first, first.err).toMatchObject({ code: 0 });
    expect(first.out.match(/written|present/g)).toHaveLength(6);
    expect(seed()).toMatchObject({ code: 0, out: "", err: "" });
    const clients = [
      ...json("http://127.0.0.1:5003/admin/clients"),
      ...json("http://127.0.0.1:7003/admin/clients"),
    ];
    expect(clients.map((c: { client_id: string }) => c.client_id).sort()).toEqual([
      "athena-ciam-client",
      "athena-iam-client",
      "pgadmin",
      "site-ciam-client",
      "site-iam-client",
    ]);
  });
  it("replaces a client that somebody changed the making of", () => {
    writeConfig(config, { ...plain, SITE_HOST: "other.your-app.com" }, secret);
    expect(seed().out).toBe("client site-ciam-client written\nclient site-iam-client written\n");
    expect(json("http://127.0.0.1:5003/admin/clients/site-ciam-client").redirect_uris).toEqual([
      "https://other.your-app.com/callback/ciam",
    ]);
    writeConfig(config, plain, secret);
    expect(seed().code).toBe(0);
  });
  it("lets the first administrator log in, and keeps a password changed since", () => {
    const email = plain.ADMIN_EMAIL ?? "";
    expect(login(7000, email, secret.ADMIN_PASSWORD ?? "").session.active).toBe(true);
    const [admin] = json(
      "-G",
      "--data-urlencode",
      `credentials_identifier=${email}`,
      "http://127.0.0.1:7001/admin/identities",
    );
    const changed = JSON.stringify({
      schema_id: "admin",
      state: "active",
      traits: admin.traits,
      credentials: { password: { config: { password: "changed-by-its-owner" } } },
    });
    json(
      "-X",
      "PUT",
      "-H",
      "Content-Type: application/json",
      "-d",
      changed,
      `http://127.0.0.1:7001/admin/identities/${admin.id}`,
    );
    expect(seed().code).toBe(0);
    expect(login(7000, email, "changed-by-its-owner").session.active).toBe(true);
  });
  it("demands PKCE of public clients", () => {
    const query = `client_id=athena-iam-client&response_type=code&scope=openid&state=12345678&redirect_uri=https://${plain.IAM_ADMIN_HOST}/api/auth/callback`;
    const to = (q: string) =>
      curl(
        "-o",
        "/dev/null",
        "-w",
        "%{redirect_url}",
        "-H",
        "X-Forwarded-Proto: https",
        `http://127.0.0.1:7002/oauth2/auth?${q}`,
      ).out;
    expect(to(`${query}&code_challenge=${"a".repeat(43)}&code_challenge_method=S256`)).toContain(
      `https://${plain.IAM_LOGIN_HOST}/login?login_challenge=`,
    );
  });
  const traits: Record<string, [number, Record<string, unknown>]> = {
    default: [5001, { email: "a@example.com", username: "anna1", first_name: "Anna" }],
    customer: [
      5001,
      {
        email: "b@example.com",
        customer_id: "CUST-7",
        first_name: "B",
        last_name: "C",
        loyalty_tier: "gold",
      },
    ],
    organizational: [
      5001,
      {
        email: "c@example.com",
        employee_id: "E-1",
        first_name: "C",
        last_name: "D",
        department: "HR",
        role: "senior",
      },
    ],
    admin: [7001, { email: "d@example.com", name: { first: "D" }, role: "viewer", roles: ["dba"] }],
  };
  it.each(Object.keys(traits))("takes an identity of schema %s and refuses an unknown trait", (schema) => {
    const [port, fits] = traits[schema] ?? [0, {}];
    const create = (t: object) =>
      curl(
        "-o",
        "/dev/null",
        "-w",
        "%{http_code}",
        "-X",
        "POST",
        "-d",
        JSON.stringify({ schema_id: schema, traits: t }),
        `http://127.0.0.1:${port}/admin/identities`,
      ).out;
    expect(create({ ...fits, unknown: 1 })).toBe("400");
    expect(create(fits)).toBe("201");
  });
  it("runs the housekeeping commands", () => {
    const job = readFileSync(join(FILES, "bin/olympus-job"), "utf8").replaceAll("\\\n", " ");
    const argumentsOf = (program: string) =>
      job.match(new RegExp(`"olympus-\\$domain-${program}" (.*)`))?.[1] ?? "";
    for (const program of ["kratos", "hydra"]) {
      const line = argumentsOf(program)
        .replace(`/etc/config/${program}/`, `/etc/config/ciam-${program}/`)
        .split(/\s+/);
      expect(line[0]).toBe(program);
      const done = machine.run(line, { env: environmentOf(`ciam-${program}`) });
      expect(done.code, done.err).toBe(0);
    }
  });
  it("anonymises the audit log after 90 days, and only then", () => {
    const table =
      "CREATE TABLE ciam_security_audit_log (id bigserial, event_type text, identifier text, identity_id text, admin_identity_id text, metadata jsonb, created_at timestamptz)";
    const row = (days: number) =>
      `INSERT INTO ciam_security_audit_log (identifier, metadata, created_at) VALUES ('p${days}@example.com', '{"ip":"192.0.2.1"}', now() - interval '${days} days')`;
    expect(psql(`${table}; ${row(91)}; ${row(89)}`, "olympus").err).toBe("");
    const sql = readFileSync(join(FILES, "postgres/anonymise-audit.sql"), "utf8");
    for (let i = 0; i < 2; i++) expect(psql(sql, "olympus")).toMatchObject({ code: 0, err: "" });
    expect(psql("SELECT identifier, metadata FROM ciam_security_audit_log ORDER BY id", "olympus").out).toBe(
      'anonymised|\np89@example.com|{"ip": "192.0.2.1"}\n',
    );
  });
});
