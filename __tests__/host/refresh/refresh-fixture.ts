import { appendFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { childEnvironment } from "../../../lib/process-env.ts";
import { stderrProgress } from "../../../lib/progress.ts";
import { installUnderTest } from "../../../sandbox/images/origins.ts";
import { type SshHost, startSshHost } from "../../cli/secrets/ssh-host.ts";
import { fixtureFleet } from "../../support/fleet/fleet.ts";
import {
  at,
  closeBackupFixture,
  configure,
  environment,
  openBackupFixture,
  run,
} from "../backup/backup-fixture.ts";
import { machine } from "../bundle/stack.ts";

// The workbench of the backups with a Mailpit and a way in by ssh, so that the verb runs as an operator runs it. The ports
// of the bundle lead to those of the processes that stand for containers.
const PORTS = { 3100: 5000, 4100: 7000 };

let folder: string;
let host: SshHost;

/** A line more than the workbench's start: what the bundle's does after Kratos and Hydra are up. */
const INIT = 'nsenter -t "$HOLDER" -n "$RELEASE/bin/olympus-init" >&2\n';

/** Writes the environment's values anew; the administrator is that of config/. */
export const settings = (changes: Record<string, string> = {}): void =>
  configure({ FIRST_ADMINISTRATOR: fixtureFleet().reference.environment.firstAdministrator, ...changes });

export async function openRefreshFixture(): Promise<void> {
  folder = mkdtempSync(join(tmpdir(), "olympus-refresh-"));
  await openBackupFixture(0);
  settings();
  for (const [first, theirs] of Object.entries(PORTS)) {
    for (let n = 0; n < 4; n++) {
      const [from, to] = [String(Number(first) + n), String(theirs + n)];
      const rule = ["-p", "tcp", "-d", "127.0.0.1", "--dport", from, "-j", "REDIRECT", "--to-ports", to];
      const { code, err } = machine.outside(["iptables", "-w", "-t", "nat", "-A", "OUTPUT", ...rule]);
      if (code !== 0) throw new Error(err);
    }
  }
  appendFileSync(at("release/bin/olympus-start"), INIT);
  await installUnderTest("mailpit", machine.root, stderrProgress);
  machine.daemon(["mailpit"], { env: { MP_DISABLE_VERSION_CHECK: "true" } });
  await machine.until(30, ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8025"]);
  const started = run("olympus-start");
  if (started.code !== 0) throw new Error(started.err);
  host = await startSshHost(folder, {
    prefix: machine.inside([]),
    env: environment(),
    furnish: `mkdir /opt/olympus && ln -s ${at("release")} /opt/olympus/current && ln -s ${at("config")} /opt/olympus/config`,
  });
}

export async function closeRefreshFixture(): Promise<void> {
  await host?.stop();
  await closeBackupFixture();
  if (folder) rmSync(folder, { recursive: true, force: true });
}

/** Starts `olympus refresh staging` against the machine, without the smoke test: nothing listens behind Caddy here. */
export function startRefresh(...args: string[]) {
  const way = ["--host", "127.0.0.1", "--port", String(host.port), "--identity", host.identity];
  const known = ["--host-key", host.fingerprint, "--known-hosts", join(folder, "known_hosts")];
  const words = ["node", "scripts/run.mjs", "refresh", "staging", ...way, ...known, "--no-smoke", "--json"];
  const [file = "", ...rest] = machine.inside([...words, ...args]);
  return execa(file, rest, { env: childEnvironment(), extendEnv: false, reject: false });
}

/** Runs it to its end; what it printed as JSON. */
export async function runRefresh(...args: string[]) {
  const { exitCode, stdout, stderr } = await startRefresh(...args);
  if (!stdout.startsWith("{")) throw new Error(`refresh ended with ${exitCode}: ${stderr}`);
  return { exitCode, stderr, ...JSON.parse(stdout) };
}

/** Kills everything that runs on the machine for somebody who is logged in, as by kill -9, and whoever is logged in. */
export function killSessions(): void {
  for (const pid of below(host.pid).reverse()) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // Has ended by itself in the meantime.
    }
  }
}

function below(pid: number): number[] {
  let children: number[] = [];
  try {
    children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8")
      .split(" ")
      .filter(Boolean)
      .map(Number);
  } catch {
    // Gone.
  }
  return children.flatMap((child) => [child, ...below(child)]);
}

/** Sends a mail to Mailpit. */
export const sendMail = (): void => {
  const message = {
    From: { Email: "a@example.com" },
    To: [{ Email: "b@example.com" }],
    Subject: "x",
    Text: "x",
  };
  const { code, err } = machine.outside(
    ["curl", "-sSf", "-H", "Content-Type: application/json", "-d", "@-", "http://127.0.0.1:8025/api/v1/send"],
    { input: JSON.stringify(message) },
  );
  if (code !== 0) throw new Error(err);
};
