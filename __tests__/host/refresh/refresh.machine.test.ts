import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { environmentNamed } from "../../../cli/shared/target.ts";
import { expectationOf } from "../../../cli/staging/refresh/expectation.ts";
import { leftovers } from "../../../cli/staging/refresh/leftovers.ts";
import { remainsSchema } from "../../../cli/staging/refresh/machine.ts";
import { everybody } from "../../../cli/staging/seed/people.ts";
import { skipWithout } from "../../sandbox/machines/tools.ts";
import { staging } from "../../support/fleet/staging.ts";
import { addPeople, at, DATABASES, databases, dumps, run } from "../backup/backup-fixture.ts";
import { curl, curlJson } from "../bundle/stack.ts";
import { query } from "../seed/seed-fixture.ts";
import {
  closeRefreshFixture,
  openRefreshFixture,
  runRefresh,
  sendMail,
  settings,
  startRefresh,
} from "./refresh-fixture.ts";

const TOOLS = ["nsenter", "mmdebstrap", "go", "sshd", "iptables"];
const { users = 0, mix = { default: 100, customer: 0, organizational: 0, admin: 0 } } =
  staging.extras?.seed ?? {};
const SPECIAL = [...everybody({ users: 0, number: 42, mix })].length;
const EVERYBODY = [...everybody({ users, number: 42, mix })].length;

describe.skipIf(skipWithout(TOOLS))("a refresh", () => {
  beforeAll(openRefreshFixture);
  afterAll(closeRefreshFixture);

  it("is refused on the machine where people are real, and nothing is touched", () => {
    settings({ DISPOSABLE: "0" });
    const before = dumps();
    const refused = run("olympus-refresh");
    settings();
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.err).toContain("serves real people");
    expect(dumps()).toEqual(before);
  });

  it("tells its plan and does nothing", async () => {
    addPeople(1, 20);
    const { stdout } = await startRefresh("--dry-run");
    const { isDue, look } = JSON.parse(stdout);
    expect(isDue).toBe(true);
    expect(look).toMatchObject({ is_cut_short: false, messages: 0, last: { ok: null } });
    expect(query("ciam_kratos", "SELECT count(*) FROM identities")).toBe("21");
  });

  it("leaves nothing of what was there, and everybody of the seed", async () => {
    sendMail();
    query("postgres", "CREATE DATABASE of_a_tester");
    query("olympus", "CREATE TABLE of_a_tester (id int)");
    curl("-X", "POST", "-d", '{"client_id": "of-a-tester"}', "http://127.0.0.1:5003/admin/clients");
    const done = await runRefresh();
    expect(done.leftovers, done.stderr).toEqual([]);
    expect(done).toMatchObject({ exitCode: 0, seed: { created: EVERYBODY, failed: [], clients: 4 } });
    expect(databases()).toEqual([...DATABASES, "postgres"].sort());
    expect(curlJson("http://127.0.0.1:8025/api/v1/messages").total).toBe(0);
    const old = "SELECT count(*) FROM identities WHERE traits->>'email' LIKE 'person-%'";
    expect(query("ciam_kratos", old)).toBe("0");
    expect(run("olympus-restic", "snapshots", "--json").out).toContain('"before-refresh"');
  });

  it("is due after a migration only, when asked so", async () => {
    const done = await startRefresh("--if-migrated");
    expect(JSON.parse(done.stdout)).toMatchObject({ isDue: false, changes: [] });
    const pins = readFileSync(at("release/images.env"), "utf8");
    writeFileSync(at("release/images.env"), `${pins}IMAGE_KRATOS=docker.io/oryd/kratos:v99\n`);
    const due = await startRefresh("--if-migrated", "--dry-run");
    writeFileSync(at("release/images.env"), pins);
    expect(JSON.parse(due.stdout)).toMatchObject({
      isDue: true,
      changes: ["kratos: none becomes docker.io/oryd/kratos:v99"],
    });
  });

  it("lists what stands there, and names everything that is not of the seed", () => {
    addPeople(1, 2);
    sendMail();
    query("olympus", "CREATE TABLE of_a_tester AS SELECT 1 AS id");
    query("postgres", "CREATE DATABASE of_a_tester");
    query("postgres", "CREATE ROLE tester");
    const yesterday =
      "SET created_at = now() - interval '1 day' WHERE traits->>'email' = 'person-1@example.com'";
    query("ciam_kratos", `UPDATE identities ${yesterday}`);
    curl("-X", "POST", "-d", '{"client_id": "of-a-tester"}', "http://127.0.0.1:7003/admin/clients");
    curlJson("http://127.0.0.1:5000/self-service/registration/api");
    const remains = remainsSchema.parse(JSON.parse(run("olympus-refresh", "--remains").out));
    expect(
      leftovers(remains, expectationOf(environmentNamed("staging"), { users, number: 42, mix }, 5)),
    ).toEqual([
      `ciam_kratos public.identities: ${970 + SPECIAL + 1 + 2} rows instead of ${970 + SPECIAL + 1}`,
      `ciam_kratos public.identities: 1 of ${970 + SPECIAL + 1 + 2} rows are older than the refresh`,
      "ciam_kratos public.selfservice_registration_flows: 1 rows instead of 0",
      "iam_hydra public.hydra_client: 5 rows instead of 4",
      "database of_a_tester: Olympus does not use it",
      "olympus public.of_a_tester: 1 rows instead of 0",
      "role tester: Olympus did not make it",
      "iam_hydra OAuth2 client of-a-tester: Olympus did not make it",
      "ciam_kratos identity person-1@example.com: Olympus did not make it",
      "ciam_kratos identity person-2@example.com: Olympus did not make it",
    ]);
    const later = { ...remains, since: new Date(Date.now() + 60_000).toISOString() };
    expect(
      leftovers(later, expectationOf(environmentNamed("staging"), { users, number: 42, mix }, 5)),
    ).toContainEqual(expect.stringContaining("Mailpit: of 1 messages"));
    query("postgres", "DROP ROLE tester");
  });

  it("goes back to a backup that was given a name, and keeps no other", async () => {
    expect(run("olympus-backup", "by-hand", "before-demo")).toMatchObject({ code: 0 });
    expect(run("olympus-backup", "by-hand", "before-demo").err).toContain("already has the name before-demo");
    expect(run("olympus-backup", "by-hand", "Before Demo").err).toContain("is not a valid name of a backup");
    const before = dumps();
    addPeople(10, 20);
    sendMail();
    const done = await runRefresh("--to", "before-demo");
    expect(done, done.stderr).toMatchObject({ exitCode: 0, to: "before-demo" });
    expect(dumps()).toEqual(before);
    expect(curlJson("http://127.0.0.1:8025/api/v1/messages").total).toBe(0);
    await expect(runRefresh("--to", "no-such-name")).rejects.toThrow(
      "name:no-such-name does not name one backup",
    );
    expect(dumps()).toEqual(before);
  });

  it("that does not start is taken back: the databases from before serve", async () => {
    const before = dumps();
    writeFileSync(at("run-of-test/refuse"), "");
    const failed = run("olympus-refresh");
    rmSync(at("run-of-test/refuse"));
    expect(failed.code).toBe(1);
    expect(failed.err).toContain("the refresh was undone");
    expect(dumps()).toEqual(before);
    expect(databases()).not.toContainEqual(expect.stringMatching(/^before_refresh/));
    expect(JSON.parse((await startRefresh("--if-migrated", "--dry-run")).stdout).isDue).toBe(true);
  });
});
