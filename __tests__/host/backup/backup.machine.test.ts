import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { psql, stackSecrets } from "../bundle/stack.ts";
import {
  addPeople,
  at,
  BUCKET,
  backupMetrics,
  closeBackupFixture,
  configure,
  DATABASES,
  databases,
  dumps,
  killAfter,
  locks,
  objects,
  openBackupFixture,
  recorded,
  rows,
  run,
} from "./backup-fixture.ts";
import { damaged, leaveLock, packs, storeByHand } from "./damage.ts";

beforeAll(() => openBackupFixture());
afterAll(closeBackupFixture);

const ALL = [...DATABASES, "postgres"].sort();
const password = stackSecrets.BACKUP_PASSWORD ?? "";

describe("a backup", () => {
  it("that has no store fails, and says which value is missing", () => {
    configure({}, { BACKUP_ACCESS_KEY_ID: "off" });
    const done = run("olympus-backup", "daily");
    expect(done).toMatchObject({ code: 1, out: "" });
    expect(done.err).toContain("BACKUP_ACCESS_KEY_ID has no value");
    expect(backupMetrics("backup")).toMatch(/^olympus_backup_ok 0$/m);
    configure();
  });
  it("that does not exist yet cannot be proven to restore", () => {
    const done = run("olympus-drill");
    expect(done.err).toContain("there is no backup yet");
    expect(done.code).toBe(75);
  });
  it("is stored, read back, and told in one line and in figures", () => {
    const done = run("olympus-backup", "before-release");
    expect(done, done.err).toMatchObject({ code: 0 });
    expect(done.out).toMatch(
      /^backup [0-9a-f]{8} \(before-release\) is in s3:http\S+ and reads back: 5 databases, \d+ tables, \d+ rows.*\n$/,
    );
    expect(recorded("backup")).toMatchObject({ ok: true, databases: 5, snapshots: 1, has_secrets: true });
    expect(recorded("backup").rows).toBeGreaterThan(200);
    expect(backupMetrics("backup")).toMatch(/^olympus_backup_last_success_timestamp_seconds \d{10}$/m);
    expect(existsSync(at("data/backup/staging"))).toBe(false);
  });
  it("shows neither a person nor a key in the store", () => {
    const all = packs(BUCKET)
      .map((file) => readFileSync(file, "latin1"))
      .join("");
    expect(all.length).toBeGreaterThan(10_000);
    expect(all).not.toMatch(/person-1@example\.com|ENC\[AES256|ciam_kratos/);
  });
  it("holds no secret and no hash of a role's password", () => {
    expect(run("olympus-restic", "dump", "latest", "roles.sql").out).toContain("CREATE ROLE ciam_kratos;");
    const text = ["roles.sql", "olympus.env", "images.env", "manifest.json"]
      .map((file) => run("olympus-restic", "dump", "latest", file).out)
      .join("");
    expect(text).not.toContain("SCRAM-SHA-256$");
    for (const value of Object.values(stackSecrets).filter((v) => v.length > 15))
      expect(text).not.toContain(value);
  });
  it("waits for another that is at work", async () => {
    const both = await Promise.all([
      killAfter(60_000, true, "olympus-backup", "first"),
      killAfter(60_000, true, "olympus-backup", "second"),
    ]);
    expect(both).toEqual([undefined, undefined]);
    expect(recorded("backup").snapshots).toBe(3);
  });
  it("is refused when the store was emptied behind its back", () => {
    cpSync(objects(), at("aside"), { recursive: true });
    rmSync(`${objects()}/config`);
    const done = run("olympus-backup", "daily");
    expect(done.err).toContain("has held this machine's backups");
    expect(done.code).toBe(1);
    cpSync(at("aside"), objects(), { recursive: true });
  });
  it("takes a new password beside the old, whatever lock a killed check left", async () => {
    await leaveLock();
    expect(locks()).toHaveLength(1);
    expect(run("olympus-restore", "--look", "latest")).toMatchObject({ code: 0 });
    const renewed = "ab".repeat(32);
    configure({}, { BACKUP_PASSWORD: `${renewed},${password}` });
    expect(run("olympus-backup", "daily")).toMatchObject({ code: 0 });
    configure({}, { BACKUP_PASSWORD: renewed });
    expect(run("olympus-restic", "snapshots").code).toBe(0);
    expect(locks()).toEqual([]);
    configure();
  });
});

describe("a restore", () => {
  it("brings everything back after all is lost, identical as a logical dump", () => {
    expect(run("olympus-backup", "by-hand")).toMatchObject({ code: 0 });
    const before = dumps();
    for (const name of DATABASES) expect(psql(`DROP DATABASE ${name} WITH (FORCE)`).err).toBe("");
    rmSync(at("data/caddy/instance"), { recursive: true });
    expect(run("olympus-start")).toMatchObject({ code: 0 });
    expect(rows("ciam_kratos", "identities")).toBe(0);
    const done = run("olympus-restore", "latest");
    expect(done, done.err).toMatchObject({ code: 0 });
    expect(done.out).toMatch(/^backup [0-9a-f]{8} is restored and serves; \d+ s\n$/);
    expect(dumps()).toEqual(before);
    expect(databases()).toEqual(ALL);
    expect(readFileSync(at("data/caddy/instance/uuid"), "utf8")).toBe("of-this-machine\n");
  });
  it("lets the databases from before come back when Olympus does not start", () => {
    addPeople(1000, 3);
    const before = dumps();
    writeFileSync(at("run-of-test/refuse"), "");
    const done = run("olympus-restore", "latest");
    rmSync(at("run-of-test/refuse"));
    expect(done.err).toContain("was undone");
    expect(done.code).toBe(1);
    expect(run("olympus-start")).toMatchObject({ code: 0 });
    expect(dumps()).toEqual(before);
  });
});

describe("a restore is refused before it touches anything", () => {
  let before: string[];
  beforeAll(() => {
    before = dumps();
  });
  it.each([
    ["a pack that was changed", damaged("change"), /is damaged in the store|cannot be read/],
    ["a pack that was cut short", damaged("cut"), /is damaged in the store|cannot be read/],
    ["a pack that is missing", damaged("remove"), /is damaged in the store|cannot be read/],
    [
      "another password",
      () => configure({}, { BACKUP_PASSWORD: "cd".repeat(32) }),
      "does not open with BACKUP_PASSWORD",
    ],
    ["a dump that was cut short before it was stored", storeByHand("cut"), "is damaged: files above"],
    ["a dump that is missing", storeByHand("remove"), "is damaged: files above"],
    ["rows that are not those of the manifest", storeByHand("recount"), "differs from the backup"],
    ["a manifest that leads elsewhere", storeByHand("escape"), "has no manifest that this release can read"],
  ])("%s", (_, damage, says) => {
    damage();
    const done = run("olympus-restore", "latest");
    expect(done.err).toMatch(says);
    expect(done.code).toBe(1);
    expect(dumps()).toEqual(before);
    configure();
  });
});

it("a drill loads the newest backup, says RPO and RTO, and leaves nothing behind", () => {
  const before = dumps();
  const done = run("olympus-drill");
  expect(done, done.err).toMatchObject({ code: 0 });
  expect(done.out).toMatch(/^backup \w{8} restores: \d+ tables, \d+ rows\. RPO \d+ s .*, RTO \d+ s .*\n$/);
  expect(backupMetrics("drill")).toMatch(/^olympus_drill_rto_seconds \d+$/m);
  // The store of this test keeps no versions: found, and no failure of the restore.
  expect(done.out).toContain("Old versions none: the bucket keeps no old versions\n");
  expect(backupMetrics("drill")).toMatch(/^olympus_drill_versions_kept 0$/m);
  expect(backupMetrics("drill")).toMatch(/^olympus_drill_versions_tried 1$/m);
  expect(databases()).toEqual(ALL);
  expect(dumps()).toEqual(before);
});
