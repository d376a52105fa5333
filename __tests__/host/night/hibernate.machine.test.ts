import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { skipWithout } from "../../sandbox/machines/tools.ts";
import {
  addPeople,
  at,
  configure,
  dumps,
  fakePodman,
  recorded,
  rows,
  run,
} from "../backup/backup-fixture.ts";
import { psql } from "../bundle/stack.ts";
import { hibernateKilledAtRandom } from "./kills.ts";
import {
  BUNDLE,
  closeVolumeFixture,
  clusterState,
  comparison,
  hibernationRecord,
  isClean,
  isMounted,
  openVolumeFixture,
  resumeServices,
} from "./volume-fixture.ts";

const alive = (): string[] => fakePodman("ps").out.trim().split("\n").sort();
const ALL = ["ciam-hydra", "ciam-kratos", "iam-hydra", "iam-kratos", "postgres"].map(
  (name) => `olympus-${name}`,
);

describe.skipIf(skipWithout(["mkfs.ext4", "losetup", "nsenter", "unshare"]))("a rest", () => {
  beforeAll(() => openVolumeFixture());
  afterAll(closeVolumeFixture);
  beforeEach(() => {
    if (!isMounted()) resumeServices();
  });

  it("stops everything in order, records what is there, and lets the volume go", () => {
    expect(run("olympus-backup", "before-sleep")).toMatchObject({ code: 0 });
    const before = dumps();
    const { code, out, err } = run("olympus-rest");
    expect(code, err).toBe(0);
    expect(out).toMatch(/^shut down after \d+ s: \d+ tables, \d+ rows recorded$/m);
    expect(err).toMatch(/close the door.*record.*stop.*let the volume go/s);
    // The stand-in names Postgres whether or not it runs.
    expect(alive()).toEqual(["olympus-postgres"]);
    expect(clusterState()).toBe("shut down");
    expect([isMounted(), isClean()]).toEqual([false, true]);
    expect(existsSync(at("run-of-test/rest-begun"))).toBe(false);
    expect(JSON.parse(readFileSync(at("rested"), "utf8"))).toMatchObject({ release: "release" });

    expect(resumeServices()).toEqual([]);
    expect(hibernationRecord()).toMatchObject({
      ...{ format: 1, release: "release", contents: BUNDLE, snapshot: recorded("backup").snapshot },
      databases: { ciam_kratos: { "public.identities": { rows: rows("ciam_kratos", "identities") } } },
    });
    expect(readdirSync(at("data/rest/releases")).sort()).toEqual([
      "20261101T000000Z-aaaaaaaaaaaa",
      "20261102T000000Z-0123456789ab",
    ]);
    expect(existsSync(at("rested"))).toBe(false);
    expect(alive()).toEqual(ALL);
    expect(dumps()).toEqual(before);
  });

  it("is nothing to do when asked again", () => {
    expect(run("olympus-rest")).toMatchObject({ code: 0 });
    expect(run("olympus-rest")).toMatchObject({ code: 0, out: "already shut down\n" });
    expect([isMounted(), isClean()]).toEqual([false, true]);
  });

  it("shows each thing that is not as it was, and only at the first start", () => {
    addPeople(5000, 1);
    psql("CREATE TABLE gone (id int); INSERT INTO gone VALUES (1)", "olympus");
    expect(run("olympus-rest")).toMatchObject({ code: 0 });
    const people = rowsAfter(() => rows("ciam_kratos", "identities"));
    const differences = resumeServices(() => {
      psql("DELETE FROM identities WHERE traits->>'email' = 'person-5000@example.com'", "ciam_kratos");
      psql("UPDATE ciam_settings SET value = 'true' WHERE key = 'captcha.enabled'", "olympus");
      psql("DROP TABLE gone; CREATE TABLE came (id int)", "olympus");
    });
    expect(differences).toEqual(
      expect.arrayContaining([
        `ciam_kratos: public.identities has ${people - 1} rows, before the shutdown it had ${people} rows`,
        "olympus: public.ciam_settings has other contents",
        "olympus: public.gone is not there, before the shutdown it had 1 rows",
        "olympus: public.came has 0 rows, before the shutdown it was not there",
      ]),
    );
    psql("DROP TABLE came", "olympus");
    const { of } = comparison();
    expect(run("olympus-rest", "compare")).toMatchObject({ code: 0, out: "" });
    expect(comparison()).toEqual({ of, differences });
  });

  it("is refused where people are served, and nothing is touched", () => {
    configure({ DISPOSABLE: "0" });
    const { code, err } = run("olympus-rest");
    configure({ DISPOSABLE: "1" });
    expect(code).toBe(1);
    expect(err).toContain("this environment serves real people");
    expect(isMounted()).toBe(true);
    expect(alive()).toEqual(ALL);
  });

  it("does not let go what somebody still uses, says so, and comes to its end once they are gone", async () => {
    const user = spawn("sleep", ["infinity"], { cwd: at("data") });
    const { code, err } = run("olympus-rest");
    expect(code).toBe(1);
    expect(err).toContain(`${at("data")} is still in use`);
    user.kill();
    await new Promise((gone) => user.once("exit", gone));
    expect(run("olympus-rest")).toMatchObject({ code: 0 });
    expect([isMounted(), isClean(), clusterState()]).toEqual([false, true, "shut down"]);
  });

  it("killed at random moments and run again ends as an undisturbed one", () => hibernateKilledAtRandom(2));
});

/** Reads while the machine is awake, and puts it back to rest. */
function rowsAfter(read: () => number): number {
  resumeServices();
  const value = read();
  expect(run("olympus-rest")).toMatchObject({ code: 0 });
  return value;
}
