import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseStatus, statusText } from "../../../cli/release/machine-status.ts";
import { machineObstacles, obstacles, postgresObstacles } from "../../../cli/release/preflight.ts";
import { parseFacts } from "../../../cli/shared/machine-facts.ts";
import { fixtureFleet } from "../../support/fleet/fleet.ts";

const { environment: prod } = fixtureFleet().reference;
const GOOD = `architecture arm64
boot done
volume mounted
freeRoot 17179869184
freeData 9663676416
secrets there
backup there
release 20261101T000000Z-a
release 20261102T000000Z-b
current 20261102T000000Z-b
history 20261101T000000Z-a
history 20261102T000000Z-b
service active
healthAge 12
healthy true 20261102T000000Z-b
`;

describe("the facts of a machine", () => {
  test("are read as they were said", () => {
    expect(parseFacts(GOOD)).toEqual({
      architecture: "arm64",
      boot: "done",
      volumeMounted: true,
      freeRoot: 16 * 2 ** 30,
      freeData: 9 * 2 ** 30,
      hasData: false,
      postgresFiles: undefined,
      hasSecrets: true,
      canBackUp: true,
      releases: ["20261101T000000Z-a", "20261102T000000Z-b"],
      current: "20261102T000000Z-b",
      history: ["20261101T000000Z-a", "20261102T000000Z-b"],
      service: "active",
      healthy: true,
    });
  });

  test.each([
    ["an old report", GOOD.replace("healthAge 12", "healthAge 600")],
    [
      "a report about another release",
      GOOD.replace("healthy true 20261102T000000Z-b", "healthy true 20261101T000000Z-a"),
    ],
    ["a report of ill health", GOOD.replace("healthy true", "healthy false")],
    ["silence", ""],
  ])("%s is not health", (_, answer) => {
    expect(parseFacts(answer).healthy).toBe(false);
  });

  test("any text at all is read without an error", () => {
    fc.assert(fc.property(fc.string(), (text) => parseFacts(text).healthy === false));
  });
});

describe("what keeps a release from beginning", () => {
  test("nothing on a sound machine", () => {
    expect(obstacles(parseFacts(GOOD), prod)).toEqual([]);
  });

  test.each([
    ["volume mounted\n", "", /data volume is not mounted/],
    ["freeRoot 17179869184", "freeRoot 1073741824", /1\.0 GiB free on the server's disk, 3 GiB are needed/],
    ["freeData 9663676416", "freeData 0", /0\.0 GiB free on the data volume/],
    ["secrets there\n", "", /no secrets yet/],
    ["boot done", "boot error", /first boot failed/],
  ])("%j turned into %j", (from, to, expected) => {
    const found = machineObstacles(parseFacts(GOOD.replace(from, to)));
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(expected);
  });

  test("an image that does not exist for the machine's architecture", () => {
    const images = { ...prod.images, caddy: { ...prod.images.caddy, architectures: ["amd64" as const] } };
    expect(obstacles(parseFacts(GOOD), { ...prod, images })).toEqual([
      expect.stringMatching(/^it is arm64, and config\/images\.lock\.json says caddy exists for amd64 only/),
    ]);
  });
});

describe("another major version of Postgres", () => {
  const machine = (files: string) => parseFacts(`${GOOD}${files}`);
  const [, major = ""] = /^(\d+)/.exec(prod.images.postgres.tag) ?? [];

  test("is refused with the way, whether it is older or newer than the files on the volume", () => {
    for (const files of [Number(major) - 1, Number(major) + 1])
      expect(obstacles(machine(`postgresFiles ${files}\n`), prod)).toEqual([
        expect.stringMatching(
          `^Postgres ${major} does not read the files of Postgres ${files}.*docs/runbooks/postgres.md$`,
        ),
      ]);
  });

  test("is none where the files are of the same, or where there are none yet", () => {
    expect(obstacles(machine(`postgresFiles ${major}\n`), prod)).toEqual([]);
    expect(obstacles(machine(""), prod)).toEqual([]);
  });

  test.each([
    ["docker.io/library/postgres:18-alpine", 0],
    ["localhost:5000/postgres:18.1", 0],
    ["docker.io/library/postgres:18@sha256:1723", 0],
    ["docker.io/library/postgres:19beta1-alpine", 1],
    ["localhost:5000/postgres:9.6", 1],
    ["docker.io/library/postgres@sha256:1723", 0],
  ])("reads the version of %s", (image, stops) => {
    expect(postgresObstacles(machine("postgresFiles 18\n"), image)).toHaveLength(stops);
  });
});

describe("the status of a machine", () => {
  const MARK = "--- olympus status\n";
  const report = (changes: object = {}) =>
    `${JSON.stringify({
      healthy: true,
      checked_at: "2026-11-24T09:30:00Z",
      release: "20261102T000000Z-b",
      problems: [],
      disk_percent: 3,
      units: [{ name: "olympus.service", state: "active" }],
      containers: [{ name: "site", state: "running", health: "healthy", restarts: 0, exit: 0 }],
      ...changes,
    })}\n`;
  const answer = (facts: string, health: string, failed = "", versions = ""): string =>
    [facts, health, "olympus-site|ghcr.io/olympusoss/site:v1|a small program\n", failed, "", versions].join(
      MARK,
    );

  test("is healthy with nothing to complain of, and says which image is a stand-in", () => {
    const status = parseStatus(answer(GOOD, report()), ["ghcr.io/olympusoss/site:v1"]);
    expect(status.problems).toEqual([]);
    expect(statusText("staging", status)).toContain("ghcr.io/olympusoss/site:v1  STAND-IN: a small program");
  });

  test("shows an image that is no longer the pinned one, by tag or by digest", () => {
    for (const pin of ["ghcr.io/olympusoss/site:v2", `ghcr.io/olympusoss/site@sha256:${"0".repeat(64)}`]) {
      const status = parseStatus(answer(GOOD, report()), ["docker.io/other/site:v1", pin]);
      expect(statusText("staging", status)).toContain(`ghcr.io/olympusoss/site:v1  PINNED NOW: ${pin}`);
      expect(status.problems).toEqual([]);
    }
    const same = parseStatus(answer(GOOD, report()), ["ghcr.io/olympusoss/site:v1"]);
    expect(statusText("staging", same)).not.toContain("PINNED");
  });

  test.each([
    [
      "deletable: this machine's key has deleted a version for good\n",
      /key can delete old versions: give it/,
    ],
    ["none: the bucket keeps no old versions\n", /keeps no old versions: switch versioning on/],
    ["unknown: the store does not answer: curl: (7)\n", /could not be tried: journalctl/],
  ])("warns of backups that a thief could delete, and is healthy: %j", (versions, expected) => {
    const status = parseStatus(answer(GOOD, report(), "", versions), []);
    expect(status.problems).toEqual([]);
    expect(statusText("staging", status)).toMatch(expected);
    expect(parseStatus(answer(GOOD, report(), "", "kept: may not\n"), []).warnings).toEqual([]);
  });

  test.each([
    ["no release", answer("architecture arm64\n", ""), "no release yet: olympus release"],
    [
      "a stopped unit",
      answer(GOOD.replace("service active", "service inactive"), report()),
      "olympus.service is inactive",
    ],
    [
      "an interrupted release",
      answer(GOOD.replace("history 20261102T000000Z-b\n", ""), report()),
      "a release was interrupted",
    ],
    ["no report", answer(GOOD, ""), "not written a health report"],
    ["an old report", answer(GOOD.replace("healthAge 12", "healthAge 600"), report()), "is old or of"],
    [
      "the sentinel's word",
      answer(GOOD, report({ healthy: false, problems: ["caddy is exited"] })),
      "caddy is exited",
    ],
    ["any failed unit", answer(GOOD, report(), "cron.service\n"), "unit cron.service has failed"],
  ])("%s is named", (_, text, expected) => {
    expect(parseStatus(text, []).problems.join("\n")).toContain(expected);
  });
});
