import { cpSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { compile, ensureProgram } from "../../../sandbox/host/programs.ts";
import { stderrProgress } from "../../../sandbox/host/progress.ts";
import {
  closeStack,
  environmentOf,
  json,
  machine,
  openStack,
  prepareDatabases,
  script,
  startOry,
} from "../files/stack.ts";
import { hosts, linesOf, openEdge, reload, rewrite, visitor } from "./edge.ts";

const USER = { SMOKE_EMAIL_STAGING: "smoke@example.com", SMOKE_PASSWORD_STAGING: "a-Long-and-rare-1" };

/** In containers they all listen on 3000; one network here gives each a port of its own. */
const APPLICATIONS = [
  ["ciam-hera", "hera", "3000"],
  ["iam-hera", "hera", "4000"],
  ["site", "site", "13000"],
  ["ciam-athena", "athena", "13001"],
  ["iam-athena", "athena", "13002"],
  ["pgadmin", "pgadmin", "5050"],
] as const;

beforeAll(async () => {
  await openStack();
  expect(prepareDatabases().code).toBe(0);
  await startOry();
  const binaries = join(machine.root, "usr/local/bin");
  cpSync(await ensureProgram("caddy", stderrProgress), join(binaries, "caddy"));
  await compile(join("sandbox", "host", "stand-ins"), join(binaries, "stand-in"));
  await openEdge(machine, USER);
  for (const [service, application, port] of APPLICATIONS) {
    const env = { ...environmentOf(service), PORT: port, PGADMIN_LISTEN_PORT: port };
    machine.daemon(["stand-in", application], { env });
    await machine.until(20, ["bash", "-c", `exec 3<>/dev/tcp/127.0.0.1/${port}`]);
    if (port.startsWith("13")) rewrite("sites.caddy", `${service}:3000`, `${service}:${port}`);
  }
  reload();
  seed();
});
afterAll(async () => {
  visitor?.stop();
  await closeStack();
});

function seed(): void {
  const done = script("olympus-seed", [], {
    OLYMPUS_CIAM_HYDRA: "http://127.0.0.1:5003",
    OLYMPUS_IAM_HYDRA: "http://127.0.0.1:7003",
    OLYMPUS_IAM_KRATOS: "http://127.0.0.1:7001",
  });
  expect(done, done.err).toMatchObject({ code: 0 });
  const email = USER.SMOKE_EMAIL_STAGING;
  const person = {
    schema_id: "default",
    traits: { email },
    credentials: { password: { config: { password: USER.SMOKE_PASSWORD_STAGING } } },
    verifiable_addresses: [{ value: email, verified: true, via: "email", status: "completed" }],
  };
  const body = JSON.stringify(person);
  const made = json(
    "-H",
    "Content-Type: application/json",
    "-d",
    body,
    "http://127.0.0.1:5001/admin/identities",
  );
  expect(made.id).toBeDefined();
}

it("is green on real Postgres, Kratos, Hydra and Caddy, and logs in for real", async () => {
  const { report, code } = await visitor.smoke();
  expect(linesOf(report, "failed")).toEqual([]);
  expect(code).toBe(0);
  expect(linesOf(report, "passed").join("\n")).toMatch(`login ${hosts.site}: smoke@example.com logged in`);
  // The stand-ins have no versions to hold against the pins.
  expect(new Set(report.checks.filter((c) => c.state === "skipped").map((c) => c.kind))).toEqual(
    new Set(["version"]),
  );
});
