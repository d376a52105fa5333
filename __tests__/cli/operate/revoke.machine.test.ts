import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { childEnvironment } from "../../../lib/process-env.ts";
import { openStack } from "../../host/bundle/migrated-stack.ts";
import { closeStack, curl, curlJson, machine, prepareDatabases, startOry } from "../../host/bundle/stack.ts";
import { skipWithout } from "../../sandbox/machines/tools.ts";
import { Checkout } from "../../support/checkout.ts";
import { type SshHost, startSshHost } from "../secrets/ssh-host.ts";

const PASSWORD = "a horse of the battery";
const ACCOUNT = "ada@your-app.com";
const ADMIN = "http://127.0.0.1:7001/admin/identities";
const IAM = "http://127.0.0.1:7000";
const JSON_BODY = ["-X", "POST", "-H", "Content-Type: application/json", "-d"];

/** The real Kratos and Hydra of the employees, reached as on a machine: by ssh, on the ports of the bundle. */
describe.skipIf(skipWithout(["sshd", "ssh", "unshare", "nsenter", "iptables"]))("olympus revoke", () => {
  const checkout = new Checkout();
  let folder: string;
  let host: SshHost;
  let token = "";

  beforeAll(async () => {
    await openStack();
    expect(prepareDatabases().code).toBe(0);
    await startOry();
    for (const [from, to] of [
      [4101, 7001],
      [4102, 7002],
      [4103, 7003],
    ]) {
      const rule = ["iptables", "-t", "nat", "-A", "OUTPUT", "-p", "tcp", "-d", "127.0.0.1"];
      const done = machine.outside([
        ...rule,
        "--dport",
        String(from),
        "-j",
        "REDIRECT",
        "--to-ports",
        String(to),
      ]);
      expect(done.code, done.err).toBe(0);
    }
    folder = mkdtempSync(join(tmpdir(), "olympus-revoke-"));
    host = await startSshHost(folder, { prefix: ["nsenter", "-t", String(machine.pid), "-n"] });
    const made = curlJson(
      ...JSON_BODY,
      JSON.stringify({
        schema_id: "admin",
        traits: { email: ACCOUNT, name: { first: "Ada", last: "L" } },
        credentials: { password: { config: { password: PASSWORD } } },
        verifiable_addresses: [{ value: ACCOUNT, verified: true, via: "email", status: "completed" }],
      }),
      ADMIN,
    );
    expect(made.id, JSON.stringify(made)).toBeTruthy();
    token = logIn().session_token;
    expect(whoami()).toBe("200");
  });
  afterAll(async () => {
    await host?.stop();
    await closeStack();
    checkout.remove();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  const logIn = () => {
    const { id } = curlJson(`${IAM}/self-service/login/api`);
    const body = JSON.stringify({ method: "password", identifier: ACCOUNT, password: PASSWORD });
    return curlJson(...JSON_BODY, body, `${IAM}/self-service/login?flow=${id}`);
  };
  const whoami = (): string =>
    curl("-o", "/dev/null", "-w", "%{http_code}", "-H", `X-Session-Token: ${token}`, `${IAM}/sessions/whoami`)
      .out;
  const revoke = async (...args: string[]) => {
    const target = ["--environment", "staging", "--host", "127.0.0.1", "--port", String(host.port)];
    const trust = [
      "--identity",
      host.identity,
      "--host-key",
      host.fingerprint,
      "--known-hosts",
      join(folder, "known"),
    ];
    const words = [
      "node",
      "scripts/run.mjs",
      "revoke",
      "ada",
      ...target,
      ...trust,
      "--login",
      "none",
      "--age",
      "none",
    ];
    const [file = "", ...rest] = machine.inside([...words, ...args]);
    return execa(file, rest, {
      cwd: checkout.root,
      env: childEnvironment(),
      extendEnv: false,
      reject: false,
    });
  };

  it("says what it would end, and ends nothing", async () => {
    const { exitCode, stdout } = await revoke("--account", ACCOUNT, "--dry-run");
    expect(exitCode, stdout).toBe(1);
    expect(stdout).toContain("staging: the account is active, with 1 open sessions: it would be ended");
    expect(whoami()).toBe("200");
  });

  it("switches the account off and ends its sessions; the password opens nothing", async () => {
    const { stdout } = await revoke("--account", ACCOUNT);
    expect(stdout).toContain("staging: the account is active, with 1 open sessions: both are ended");
    expect(whoami()).toBe("401");
    expect(logIn().session_token).toBeUndefined();
  });

  it("can be run again, and looks at no other environment than the one that was named", async () => {
    const { exitCode, stdout } = await revoke("--account", ACCOUNT, "--json");
    const { steps, nothingLeft } = JSON.parse(stdout);
    expect([exitCode, nothingLeft]).toEqual([1, false]);
    expect(steps.map(({ is, what }: { is: string; what: string }) => `${is} ${what}`)).toEqual([
      "left prod: not looked at: --environment",
      "done staging: the account is inactive, with 0 open sessions",
    ]);
    expect((await revoke("--account", "grace@your-app.com")).stdout).toContain(
      "staging: there is no account of grace@your-app.com",
    );
  });
});
