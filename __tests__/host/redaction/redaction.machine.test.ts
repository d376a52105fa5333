import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { namedVariable } from "../../../lib/process-env.ts";
import { Checkout } from "../../support/checkout.ts";
import { openStack } from "../bundle/migrated-stack.ts";
import { closeStack, curl, curlJson, machine, prepareDatabases, psql, startOry } from "../bundle/stack.ts";
import { FILES } from "../bundle/values.ts";
import {
  ADMIN,
  count,
  createPeople,
  dumpText,
  folder,
  handIn,
  loginStatus,
  NEW_PASSWORD,
  redaction,
  runRedaction,
  SOURCE_PASSWORD,
  SOURCE_PEOPLE,
} from "./source-fixture.ts";

const POSTGRES = "70:70";
const raw = (database: string, tables = "*"): string =>
  machine
    .run(["pg_dump", "--no-statistics", "--table", `public.${tables}`, database], { user: POSTGRES })
    .out.replaceAll(/^\\(un)?restrict .*$/gm, "");

/** Words that only a person of the source has; none may be in what leaves. */
const WORDS =
  /lovelace|hopper|lamarr|441234567890|CUST-987654321|Arlington|1906-12-09|known to|people\.example/i;

beforeAll(async () => {
  await openStack();
  expect(prepareDatabases().code).toBe(0);
  await startOry();
  createPeople();
  for (const { login } of SOURCE_PEOPLE) expect(loginStatus(login, SOURCE_PASSWORD)).toBe(200);
  // A flow that fails keeps the typed address; a recovery leaves a code, an address and a mail.
  expect(loginStatus("ada.lovelace@people.example", "wrong")).toBe(400);
  const { id } = curlJson("http://127.0.0.1:5000/self-service/recovery/api");
  curl(
    "-X",
    "POST",
    "-H",
    "Content-Type: application/json",
    "-d",
    JSON.stringify({ method: "code", email: SOURCE_PEOPLE[0]?.traits.email }),
    `http://127.0.0.1:5000/self-service/recovery?flow=${id}`,
  );
}, 240_000);
afterAll(async () => {
  await closeStack();
  rmSync(folder, { recursive: true, force: true });
});

describe("before anything is read", () => {
  it("the policy forbids it unless it says otherwise", () => {
    const refused = runRedaction("kratos", "ciam_kratos", "never.dump", { policy: "never" });
    expect(refused.err).toContain("real data is never copied");
    expect(refused.code).toBe(1);
  });
  it("a short password is refused", () => {
    expect(runRedaction("kratos", "ciam_kratos", "short.dump", { password: "too short" }).err).toContain(
      "fewer than 12",
    );
  });
  it("a truncated dump is refused", () => {
    const whole = machine.run(["pg_dump", "-Fc", "-f", "/tmp/whole.dump", "iam_kratos"], { user: POSTGRES });
    expect(whole.code).toBe(0);
    const part = join(folder, "part.dump");
    cpSync(join(machine.root, "tmp/whole.dump"), part);
    truncateSync(part, 900);
    const refused = runRedaction("kratos", part, "out.dump");
    expect(refused.err).toContain("is not a complete dump");
    expect(existsSync(join(folder, "out.dump"))).toBe(false);
  });
});

describe("what has no class stops it", () => {
  const refusal = (sql: string, undo: string): string => {
    expect(psql(sql, "iam_kratos").err).toBe("");
    const { code, err } = runRedaction("kratos", "iam_kratos", "unclassified.dump");
    expect(code).not.toBe(0);
    expect(existsSync(join(folder, "unclassified.dump"))).toBe(false);
    expect(psql(undo, "iam_kratos").err).toBe("");
    return err;
  };
  it("a new column", () => {
    const sql = ["ALTER TABLE identities ADD nickname text", "ALTER TABLE identities DROP nickname"] as const;
    expect(refusal(...sql)).toContain("column identities.nickname (text) has no class");
  });
  it("a new table", () => {
    expect(refusal("CREATE TABLE invitation (id uuid)", "DROP TABLE invitation")).toContain(
      "column invitation.id (uuid) has no class",
    );
  });
  it("a view, a function, a table of another schema", () => {
    expect(refusal("CREATE VIEW people AS SELECT traits FROM identities", "DROP VIEW people")).toContain(
      "v people is no table",
    );
    expect(
      refusal("CREATE FUNCTION who() RETURNS text LANGUAGE sql RETURN 'Ada Lovelace'", "DROP FUNCTION who()"),
    ).toContain("function who() would travel");
    expect(
      refusal(
        "CREATE SCHEMA attic CREATE TABLE people (name text)",
        "DROP TABLE attic.people; DROP SCHEMA attic",
      ),
    ).toContain("r attic.people is no table");
  });
  it("a large object", () => {
    expect(refusal("SELECT lo_create(4711)", "SELECT lo_unlink(4711)")).toContain(
      "large objects would travel",
    );
  });
  it("a table that somebody took out of the classes", () => {
    const changed = withClasses((text) => text.replaceAll(/^kratos,session_devices,.*\n/gm, ""));
    const refused = runRedaction("kratos", "ciam_kratos", "missing.dump", { bundle: changed });
    expect(refused.err).toContain("column session_devices.ip_address (character varying) has no class");
    expect(refused.code).not.toBe(0);
  });
});

/** A bundle of the same scripts with other classes. */
function withClasses(change: (text: string) => string): string {
  const bundle = join(folder, "bundle");
  rmSync(bundle, { recursive: true, force: true });
  cpSync(FILES, bundle, { recursive: true });
  const file = join(bundle, "postgres/redaction/classes.csv");
  const changed = change(readFileSync(file, "utf8"));
  expect(changed).not.toBe(readFileSync(file, "utf8"));
  writeFileSync(file, changed);
  return bundle;
}

describe("the rehearsal finds a class that lets words through", () => {
  it("a column that is said to be made anew and is not", () => {
    const bundle = withClasses((text) =>
      text.replace("null,metadata_public metadata_admin", "made,metadata_public metadata_admin"),
    );
    const { code, err } = runRedaction("kratos", "ciam_kratos", "through.dump", { bundle });
    expect(err).toContain("a planted word survives in identities.metadata_");
    expect(code).not.toBe(0);
  });
  it("a column of words that is to be kept", () => {
    const bundle = withClasses((text) =>
      text.replace("kratos,networks,keep,id,", "kratos,networks,keep,id,\nkratos,sessions,keep,token,"),
    );
    expect(runRedaction("kratos", "ciam_kratos", "kept.dump", { bundle }).err).toContain(
      "column sessions.token holds words",
    );
  });
  it("an identity of a schema that nobody has a rule for", () => {
    psql("UPDATE identities SET schema_id = 'partner' WHERE traits->>'last_name' = 'Hopper'", "ciam_kratos");
    const { err } = runRedaction("kratos", "ciam_kratos", "partner.dump");
    psql("UPDATE identities SET schema_id = 'customer' WHERE schema_id = 'partner'", "ciam_kratos");
    expect(err).toContain("identities.schema_id holds partner: there is no rule for that");
  });
});

describe("Kratos", () => {
  it("leaves no person, keeps every foreign key, and does not touch its source", () => {
    // The courier goes on writing; people stand still.
    const before = raw("ciam_kratos", "identit*");
    expect(before).toMatch(WORDS);
    const done = runRedaction("kratos", "ciam_kratos", "kratos.dump");
    expect(done.err).toBe("");
    expect(done.out).toContain("kratos.dump");
    expect(done.out).not.toContain(NEW_PASSWORD);
    expect(raw("ciam_kratos", "identit*")).toBe(before);
    const text = dumpText("kratos.dump");
    expect(text).toContain("@redacted.invalid");
    expect(text).not.toMatch(WORDS);
    // Ids lead back to people too, through logs.
    const ids = psql("SELECT id FROM identities", "ciam_kratos").out.trim().split("\n");
    expect(ids).toHaveLength(SOURCE_PEOPLE.length);
    for (const id of ids) expect(text).not.toContain(id);
    // So does every other id; those of the installation and of the kinds of credentials are nobody's.
    const uuids = (of: string) => new Set(of.match(/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g));
    const nobodys = psql(
      "SELECT id FROM networks UNION ALL SELECT id FROM identity_credential_types",
      "ciam_kratos",
    ).out.split("\n");
    const kept = uuids(text);
    expect([...uuids(raw("ciam_kratos"))].filter((id) => kept.has(id) && !nobodys.includes(id))).toEqual([]);
    // Rows lie in the order of the new ids: the order in which people came is gone.
    for (const table of ["identities", "identity_credentials", "identity_verifiable_addresses"]) {
      const rows =
        new RegExp(`^COPY public\\.${table} \\(id, .*\n((?:.*\n)*?)\\\\\\.$`, "m").exec(text)?.[1] ?? "";
      const order = rows
        .trimEnd()
        .split("\n")
        .map((row) => row.split("\t")[0]);
      expect(order.length, table).toBeGreaterThan(1);
      expect(order, table).toEqual([...order].sort());
    }
    expect(psql("SELECT count(*) FROM pg_database WHERE datname = 'redact_scratch'").out.trim()).toBe("0");
    expect(existsSync(join(folder, "data/redaction"))).toBe(false);
  });

  it("run again after a kill at any moment, gives the same", () => {
    for (const ms of [150, 700, 1600]) {
      const { command, env, input } = redaction("kratos", "ciam_kratos", "killed.dump");
      machine.outside(["timeout", "-s", "KILL", `${ms / 1000}`, ...command], { env, input });
      const again = runRedaction("kratos", "ciam_kratos", "again.dump");
      expect(again.err).toBe("");
      expect(dumpText("again.dump")).not.toMatch(WORDS);
      expect(existsSync(join(folder, "data/redaction"))).toBe(false);
    }
  });
});

describe("Hydra and Olympus", () => {
  it("Hydra's clients lose who they are, and its keys and tokens are gone", () => {
    const client = {
      client_id: "lovelace-app",
      client_name: "Ada Lovelace's app",
      client_secret: "lovelace-secret",
      grant_types: ["client_credentials"],
      contacts: ["ada.lovelace@people.example"],
      metadata: { owner: "Hopper" },
      redirect_uris: ["https://lovelace.people.example/cb"],
    };
    curl("-X", "POST", "-d", JSON.stringify(client), "http://127.0.0.1:5003/admin/clients");
    expect(
      curlJson(
        "-u",
        "lovelace-app:lovelace-secret",
        "-d",
        "grant_type=client_credentials",
        "http://127.0.0.1:5002/oauth2/token",
      ).access_token,
    ).toBeTruthy();
    expect(count("ciam_hydra", "SELECT count(*) FROM hydra_oauth2_access")).toBe(1);
    const done = runRedaction("hydra", "ciam_hydra", "hydra.dump");
    expect(done.err).toBe("");
    const text = dumpText("hydra.dump");
    expect(text).toContain("Client 1");
    expect(text).not.toMatch(WORDS);
    expect(text).toMatch(/COPY public\.hydra_oauth2_access .*\n\\\.\n/);
    expect(text).toMatch(/COPY public\.hydra_jwk .*\n\\\.\n/);
  });
  it("Olympus's own tables are emptied", () => {
    psql(
      `CREATE TABLE ciam_settings (key text PRIMARY KEY, value text, encrypted boolean, category text DEFAULT 'general', updated_at timestamptz);
       CREATE TABLE ciam_login_attempts (id bigserial, identifier text, ip_address inet, attempt_time timestamptz);
       INSERT INTO ciam_settings VALUES ('captcha.secret_key', 'Lovelace', true);
       INSERT INTO ciam_login_attempts (identifier, ip_address) VALUES ('ada.lovelace@people.example', '203.0.113.7')`,
      "olympus",
    );
    const done = runRedaction("olympus", "olympus", "olympus.dump");
    expect(done.err).toBe("");
    const text = dumpText("olympus.dump");
    expect(text).not.toMatch(WORDS);
    expect(text).not.toContain("203.0.113.7");
  });
});

describe("the verb", () => {
  const checkout = new Checkout();
  const tools = join(folder, "tools");
  afterAll(() => checkout.remove());

  /** `olympus redact` of a DSN, with the clients of Postgres where this test has them. */
  const olympus = (...options: string[]) => {
    mkdirSync(tools, { recursive: true });
    for (const name of ["psql", "pg_dump", "pg_restore"]) {
      const text = `#!/bin/sh\nexec ${machine.entry(POSTGRES).join(" ")} ${name} "$@"\n`;
      writeFileSync(join(tools, name), text, { mode: 0o755 });
    }
    const words = ["redact", "postgres:///iam_hydra", "--kind", "hydra", "--out", join(folder, "verb.dump")];
    return execa("node", ["scripts/run.mjs", ...words, ...options], {
      cwd: checkout.root,
      reject: false,
      env: { PATH: `${tools}:${namedVariable("PATH")}` },
    });
  };

  it("reads nothing while the policy says never", async () => {
    const { exitCode, stderr } = await olympus();
    expect(stderr).toContain('realData is "never"');
    expect(exitCode).toBe(1);
  });
  it("tells its plan, and writes a dump with a password for everybody", async () => {
    checkout.plant("config/base.ts", 'realData: "never"', 'realData: "redacted"');
    const planned = await olympus("--dry-run");
    expect(planned.stdout).toContain("read       iam_hydra on this computer, and change nothing there");
    expect(existsSync(join(folder, "verb.dump"))).toBe(false);
    const done = await olympus("--json");
    expect(done.stderr).toContain("testing with planted words");
    expect(JSON.parse(done.stdout)).toMatchObject({ done: true, out: join(folder, "verb.dump") });
    expect(statSync(join(folder, "verb.dump.password")).mode & 0o777).toBe(0o600);
    expect(dumpText("verb.dump")).toContain("hydra_client");
    expect((await olympus()).stderr).toContain("verb.dump exists");
  });
});

/** Kratos keeps connecting: the door is shut first. */
function rename(from: string, to: string): void {
  const done = psql(
    `ALTER DATABASE ${from} ALLOW_CONNECTIONS false;
     SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${from}';
     ALTER DATABASE ${from} RENAME TO ${to};
     ALTER DATABASE ${to} ALLOW_CONNECTIONS true`,
  );
  expect(done.err).toBe("");
}

/** Kratos finds another database under the same name by itself, with the next connections. */
async function kratosHasFound(): Promise<void> {
  for (let n = 0; n < 60 && !Array.isArray(curlJson(ADMIN)); n += 1) await sleep(500);
}

describe("on staging", () => {
  it("what came out of it serves: a new login, none of the old, and a change by an administrator", async () => {
    rename("ciam_kratos", "ciam_kratos_real");
    const fresh = "CREATE DATABASE ciam_kratos OWNER ciam_kratos TEMPLATE template0";
    expect(psql(fresh).err).toBe("");
    const dump = handIn("kratos.dump");
    const restored = machine.run(
      ["pg_restore", "--exit-on-error", "--no-owner", "-U", "ciam_kratos", "-d", "ciam_kratos", dump],
      { user: POSTGRES },
    );
    expect(restored.err).toBe("");
    await kratosHasFound();

    const people = curlJson(ADMIN) as { id: string; schema_id: string; traits: Record<string, string> }[];
    expect(people.map(({ schema_id }) => schema_id).sort()).toEqual([
      "customer",
      "default",
      "organizational",
    ]);
    for (const { id, schema_id, traits } of people) {
      const login = schema_id === "organizational" ? traits.employee_id : traits.email;
      expect(loginStatus(login ?? "", NEW_PASSWORD)).toBe(200);
      expect(loginStatus(login ?? "", SOURCE_PASSWORD)).toBe(400);
      // Kratos checks the traits against their schema when anything changes.
      const patch = JSON.stringify([{ op: "replace", path: "/state", value: "inactive" }]);
      expect(
        curl("-o", "/dev/null", "-w", "%{http_code}", "-X", "PATCH", "-d", patch, `${ADMIN}/${id}`).out,
      ).toBe("200");
    }
    for (const { login } of SOURCE_PEOPLE) expect(loginStatus(login, SOURCE_PASSWORD)).toBe(400);
  });

  it("the UPDATE of the recipe, for comparison, leaves people where they were", async () => {
    rename("ciam_kratos", "ciam_kratos_redacted");
    rename("ciam_kratos_real", "ciam_kratos");
    await kratosHasFound();
    psql(
      `UPDATE identities SET traits = jsonb_build_object('email', md5(traits->>'email') || '@redacted.local',
         'first_name', 'Redacted', 'last_name', 'User')`,
      "ciam_kratos",
    );
    const [ada] = SOURCE_PEOPLE;
    expect(loginStatus(ada?.login ?? "", SOURCE_PASSWORD)).toBe(200);
    const text = raw("ciam_kratos");
    const tables = text.split(/^COPY public\./m).slice(1);
    const left = tables
      .filter((rows) => WORDS.test(rows.slice(0, rows.indexOf("\n\\.\n"))))
      .map((rows) => rows.slice(0, rows.indexOf(" ")));
    expect(left.sort()).toEqual(
      expect.arrayContaining([
        "courier_messages",
        "identities",
        "identity_credential_identifiers",
        "identity_recovery_addresses",
        "identity_verifiable_addresses",
        "selfservice_login_flows",
      ]),
    );
    console.log(`after the recipe's UPDATE people are still in: ${left.join(", ")}`);
  });
});
