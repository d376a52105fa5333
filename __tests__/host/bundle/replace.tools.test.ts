import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  close,
  container,
  inFolder,
  leads,
  led,
  NEW,
  noted,
  OLD,
  open,
  pair,
  remaining,
  runWith,
} from "./two-containers.ts";

beforeEach(open);
afterEach(close);

describe("who asks for a page", () => {
  test("is led to the old one until the new one beside it is healthy, and never waits for its start", async () => {
    led("site");
    pair("site", ["running", "created"]);
    const { exitCode, stderr } = await runWith("site", "up 5 site");
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(noted()).toEqual([
      `start site while Caddy leads to ${OLD}`,
      `ask site while Caddy leads to ${OLD}`,
      `remove site-old while Caddy leads to ${NEW}`,
    ]);
    expect([remaining("site"), leads("site")]).toEqual([[NEW, true], "site"]);
  });

  test("never meets a new one that is not healthy: the old one is the service again", async () => {
    led("site");
    pair("site", ["running", "created"], "ill");
    const { exitCode, stderr } = await runWith(
      "site",
      "wait_healthy() { podman healthcheck run olympus-site; }; up 60 site",
    );
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining("never had a visitor")]);
    expect(noted().filter((line) => !line.endsWith(OLD))).toEqual([]);
    expect([remaining("site"), leads("site")]).toEqual([[OLD, true], "site"]);
  });

  test("waits where there is no memory for two", async () => {
    led("site");
    pair("site", ["running", "created"]);
    const { exitCode, stdout } = await runWith("site", "up 5 site; admit", 4096 * 2 ** 30);
    expect([exitCode, stdout]).toEqual([
      0,
      expect.stringMatching(/site may take 4194304 MiB, and \d+ are free/),
    ]);
    expect(noted().slice(0, 2)).toEqual([
      "stop site-old while Caddy leads to 127.0.0.1",
      "start site while Caddy leads to 127.0.0.1",
    ]);
    expect([remaining("site"), leads("site")]).toEqual([[NEW, true], "site"]);
  });
});

describe("Kratos and Hydra", () => {
  const both = ["iam-kratos", "iam-hydra"];
  beforeEach(() => {
    for (const name of ["ciam-hera", "iam-hera", ...both]) led(name);
    for (const name of both) pair(name, ["running", "created"]);
  });

  test.each([
    ["iam-hera", "127.0.0.1"],
    ["ciam-hera", "ciam-hera"],
  ])("of a domain are replaced at once, and who asks %s is led to %s", async (page, host) => {
    const { exitCode, stdout } = await runWith(page, `up 60 ${both.join(" ")}`);
    expect([exitCode, stdout]).toEqual([
      0,
      expect.stringMatching(/^replacing iam-kratos iam-hydra\nvisitors waited \d+ ms$/),
    ]);
    const verbs = noted().map((line) => line.split(" ")[0]);
    expect(verbs.filter((verb) => verb !== "ask")).toEqual([
      "stop",
      "stop",
      "start",
      "start",
      "remove",
      "remove",
    ]);
    expect(noted()[2]).toMatch(new RegExp(` while Caddy leads to ${host}$`));
    expect([...both.map(remaining), leads(page)]).toEqual([[NEW, true], [NEW, true], page]);
  });

  test.each([
    ["learns", "true", 0, NEW],
    ["does not learn", "exit 1", 1, OLD],
  ])("are stopped while Postgres %s their password", async (_, learn, code, stays) => {
    const between = `learn() { echo learn >>${inFolder("noted")}; ${learn}; }; between=learn`;
    const { exitCode } = await runWith("iam-hera", `${between}; up 60 iam-kratos`);
    const verbs = noted().map((line) => line.split(" ")[0]);
    expect([exitCode, verbs.slice(0, 2)]).toEqual([code, ["stop", "learn"]]);
    expect(remaining("iam-kratos")).toEqual([stays, true]);
    expect(verbs).toContain("start");
  });

  test("serve again as they were, both, where one of the new ones is not healthy", async () => {
    container("olympus-iam-hydra", NEW, "created", "ill");
    const patience = "wait_healthy() { podman healthcheck run olympus-iam-hydra; }";
    const { exitCode, stderr } = await runWith("iam-hera", `${patience}; up 60 ${both.join(" ")}`);
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining("not replaced")]);
    expect(both.map(remaining)).toEqual([
      [OLD, true],
      [OLD, true],
    ]);
    expect(noted().filter((line) => line.startsWith("start"))).toHaveLength(4);
  });
});

describe("a start that was killed", () => {
  test.each([
    ["while the new one began", ["running", "running"], OLD, OLD],
    ["before the new one began", ["running", "created"], OLD, OLD],
    ["after Caddy was led to the new one", ["running", "running"], NEW, NEW],
    ["after the old one had ended, in its place", ["exited", "running"], "127.0.0.1", NEW],
    ["after the old one had ended, before the new one began", ["exited", "created"], "127.0.0.1", OLD],
  ] as const)("%s leaves one, and who waits still waits", async (_, states, to, stays) => {
    led("site", to);
    pair("site", states);
    expect((await runWith("site", "settle")).exitCode).toBe(0);
    expect([remaining("site"), leads("site")]).toEqual([[stays, true], to === "127.0.0.1" ? to : "site"]);
  });

  test("when the old one was gone already, leads back to the name", async () => {
    led("site", NEW);
    container("olympus-site", NEW, "running");
    await runWith("site", "settle");
    expect(leads("site")).toBe("site");
  });
});

describe("a Kratos like the new one", () => {
  test("is tried where nobody asks for it, without its courier, and is gone before anybody waits", async () => {
    led("ciam-kratos");
    pair("ciam-kratos", ["running", "created"]);
    expect(await runWith("ciam-kratos", "rehearse ciam-kratos iam-kratos")).toMatchObject({ exitCode: 0 });
    const words = readFileSync(inFolder("run-with"), "utf8").trim().split("\n");
    expect(words).toEqual(
      expect.arrayContaining(["olympus_data-ciam", "A=b c", "SERVE_ADMIN_HOST=127.0.0.1", "/a:/b:ro"]),
    );
    expect(words.filter((word) => word.startsWith("--secret"))).toEqual([
      "--secret=ciam-kratos.DSN,type=env,target=DSN",
      "--secret=ciam-kratos.SECRETS_COOKIE,type=env,target=SECRETS_COOKIE",
    ]);
    expect(words.slice(-2)).toEqual(["i", "serve"]);
    expect(noted().at(-1)).toMatch(/^remove ciam-kratos-trial /);
    expect(noted().filter((line) => !line.includes("-trial ") && !line.startsWith("run "))).toEqual([]);
  });

  test("that is not healthy ends the release: nobody waited, and nothing was touched", async () => {
    led("ciam-kratos");
    pair("ciam-kratos", ["running", "created"], "ill");
    const { exitCode, stderr } = await runWith(
      "ciam-kratos",
      "wait_healthy() { podman healthcheck run olympus-$2; }; rehearse ciam-kratos",
    );
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining("no visitor waited for it")]);
    expect(noted().filter((line) => !line.endsWith(" ciam-kratos"))).toEqual([]);
    expect(noted().at(-1)).toMatch(/^remove ciam-kratos-trial /);
  });
});
