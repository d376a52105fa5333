import { afterAll, beforeAll, expect, it } from "vitest";
import { machine, psql, stackSecrets } from "../bundle/stack.ts";
import { addPeople, closeBackupFixture, openBackupFixture, rows, run } from "./backup-fixture.ts";

// The jobs of the timers, by the script that the timers start, against rows that the real Kratos and Hydra wrote and that
// were then made old.
beforeAll(() => openBackupFixture(2));
afterAll(closeBackupFixture);

const fetchText = (...args: string[]): string => machine.outside(["curl", "-sS", "-m", "20", ...args]).out;
const fetchParsed = (...args: string[]) => JSON.parse(fetchText(...args));
const post = (url: string, body: unknown) =>
  fetchParsed("-X", "POST", "-H", "Content-Type: application/json", "-d", JSON.stringify(body), url);
const sql = (database: string, text: string): string => {
  const done = psql(text, database);
  expect(done.err).toBe("");
  return done.out.trim();
};
const job = (name: string): void => {
  // Twice: a job is safe to repeat.
  for (let i = 0; i < 2; i++) expect(run("olympus-job", name)).toMatchObject({ code: 0 });
};

it("kratos-cleanup takes the flows that ended more than a week ago, in both domains", () => {
  const flowsOf = (domain: string, port: number) => {
    const ids = [0, 1, 2].map(
      () => fetchParsed(`http://127.0.0.1:${port}/self-service/login/api`).id as string,
    );
    for (const [i, days] of [8, 6].entries())
      sql(
        `${domain}_kratos`,
        `UPDATE selfservice_login_flows SET expires_at = now() - interval '${days} days' WHERE id = '${ids[i]}'`,
      );
    // A flood of them, as robots leave it.
    sql(
      `${domain}_kratos`,
      `INSERT INTO selfservice_login_flows SELECT (jsonb_populate_record(f, jsonb_build_object('id', gen_random_uuid()))).* FROM selfservice_login_flows f, generate_series(1, 3000) WHERE id = '${ids[0]}'`,
    );
    expect(rows(`${domain}_kratos`, "selfservice_login_flows")).toBe(3003);
    return { domain, kept: ids.slice(1).sort() };
  };
  const both = [flowsOf("ciam", 5000), flowsOf("iam", 7000)];
  job("kratos-cleanup");
  for (const { domain, kept } of both)
    expect(
      sql(`${domain}_kratos`, "SELECT id FROM selfservice_login_flows ORDER BY id::text").split("\n"),
    ).toEqual(kept);
});

it("hydra-janitor takes tokens that ended long ago", () => {
  const client = post("http://127.0.0.1:5003/admin/clients", {
    client_secret: "only-here-and-now",
    grant_types: ["client_credentials"],
  });
  const token = () =>
    fetchParsed(
      "-u",
      `${client.client_id}:only-here-and-now`,
      "-d",
      "grant_type=client_credentials",
      "http://127.0.0.1:5002/oauth2/token",
    ).access_token as string;
  const [old, fresh] = [token(), token()];
  const isActive = (value: string) =>
    fetchParsed("-d", `token=${value}`, "http://127.0.0.1:5003/admin/oauth2/introspect").active as boolean;
  expect([isActive(old), isActive(fresh)]).toEqual([true, true]);
  sql(
    "ciam_hydra",
    "UPDATE hydra_oauth2_access SET requested_at = now() - interval '40 days', expires_at = now() - interval '40 days' WHERE signature = (SELECT signature FROM hydra_oauth2_access ORDER BY requested_at LIMIT 1)",
  );
  job("hydra-janitor");
  expect(rows("ciam_hydra", "hydra_oauth2_access")).toBe(1);
  expect([isActive(old), isActive(fresh)]).toEqual([false, true]);
});

it("mail-cleanup takes what Kratos sent more than a month ago, and leaves what waits", () => {
  for (const person of [0, 0, 1, 1]) {
    const flow = fetchParsed("http://127.0.0.1:5000/self-service/recovery/api");
    post(flow.ui.action.replace(/^https?:\/\/[^/]+/, "http://127.0.0.1:5000"), {
      method: "code",
      email: `person-${person}@example.com`,
    });
  }
  const ids = sql("ciam_kratos", "SELECT id FROM courier_messages ORDER BY created_at").split("\n");
  expect(ids.length).toBeGreaterThanOrEqual(4);
  const make = (i: number, status: number, days: number) =>
    sql(
      "ciam_kratos",
      `UPDATE courier_messages SET status = ${status}, created_at = now() - interval '${days} days' WHERE id = '${ids[i]}'`,
    );
  make(0, 2, 31);
  make(1, 4, 31);
  make(2, 2, 29);
  make(3, 1, 31);
  job("mail-cleanup");
  expect(
    sql("ciam_kratos", "SELECT id FROM courier_messages ORDER BY created_at").split("\n").sort(),
  ).toEqual(ids.slice(2).sort());
});

it("audit-anonymise takes people out of the log after 90 days", () => {
  sql("olympus", "UPDATE ciam_security_audit_log SET created_at = now() - interval '91 days' WHERE id <= 10");
  sql(
    "olympus",
    "ALTER TABLE ciam_security_audit_log ADD COLUMN identity_id text, ADD COLUMN admin_identity_id text",
  );
  sql(
    "olympus",
    "ALTER TABLE iam_security_audit_log ADD COLUMN identity_id text, ADD COLUMN admin_identity_id text",
  );
  job("audit-anonymise");
  expect(
    sql(
      "olympus",
      "SELECT count(*) FILTER (WHERE identifier = 'anonymised' AND metadata IS NULL), count(*) FILTER (WHERE identifier LIKE 'p%') FROM ciam_security_audit_log",
    ),
  ).toBe("10|40");
});

it("vacuum gives dead rows' space back and renews the statistics of every database", () => {
  addPeople(100, 50);
  sql("ciam_kratos", "UPDATE identities SET metadata_public = '{}'");
  job("vacuum");
  expect(
    sql(
      "ciam_kratos",
      "SELECT last_vacuum > now() - interval '1 minute', last_analyze > now() - interval '1 minute', n_dead_tup FROM pg_stat_user_tables WHERE relname = 'identities'",
    ),
  ).toBe("t|t|0");
  expect(sql("iam_hydra", "SELECT count(*) FROM pg_stat_user_tables WHERE last_vacuum IS NULL")).toBe("0");
});

it("a job that does not exist fails and names those that do", () => {
  const done = run("olympus-job", "kratos-janitor");
  expect(done.code).toBe(1);
  expect(done.err).toContain("kratos-cleanup");
  expect(stackSecrets.DEADMAN_URL).toBe("off");
});
