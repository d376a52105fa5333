import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, openSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Fleet } from "../config/index.ts";
import { tokenVariable, zoneStackName } from "../config/load/names.ts";
import { imageReference, withoutDigest } from "../host/images.ts";
import { Failure } from "../lib/failure.ts";
import { writeAtomically } from "../lib/files.ts";
import { isAlive } from "../lib/is-alive.ts";
import { childEnvironment, sandboxDirectory, terraformBinary } from "../lib/process-env.ts";
import { type Progress, step } from "../lib/progress.ts";
import { type DaemonOptions, daemonOptionsPath } from "./daemon-options.ts";
import { removeMachines } from "./machines/cloud-machines.ts";
import {
  prepareHostPrerequisites,
  refuseOtherMachines,
  registryProcess,
} from "./machines/host-prerequisites.ts";
import { removeNetwork } from "./machines/network.ts";
import { ownFleet, ownRequests } from "./own-requests.ts";
import { CLOUDS, machines as forMachines } from "./prepare.ts";
import { prepare, requirePreparable } from "./programs/preparation.ts";
import { runningSession, type SandboxSession, sandboxVariables, sessionPath } from "./session.ts";
import { lockSandboxProviders } from "./terraform/lock.ts";
import { ensureHcloudProvider } from "./terraform/mirror.ts";
import { isRegistryReachable, registryHost } from "./terraform/registry.ts";

export type CloudflareChoice = "auto" | "real" | "stand-in";

export interface SandboxOptions {
  readonly cloudflare: CloudflareChoice;
  /** Servers are real machines. Needs root. */
  readonly machines: boolean;
}

/** Starts the sandbox clouds, or finds them running. What they hold survives `down` and a new `up`. */
export async function up(
  { cloudflare: choice, machines: wantsMachines }: SandboxOptions,
  progress: Progress,
): Promise<SandboxSession> {
  const running = runningSession();
  if (!running || wantsMachines) await requirePreparable([preparationFor(wantsMachines)]);
  await ownRequests();
  const fleet = ownFleet();
  // A shell that was set up before keeps its tokens.
  const wanted = accounts(fleet, running?.tokens);
  const news = running ? unknownTo(running, wanted) : [];
  const machines = wantsMachines || running?.registryPid !== undefined;
  if (running && !news.length && (running.registryPid !== undefined || !machines)) return running;
  if (machines) await refuseOtherMachines(sandboxDirectory());
  await prepare(preparationFor(machines), progress);
  if (running) {
    progress(
      news.length
        ? `the clouds that run do not know ${news.join(", ")}: they restart, and keep what they hold`
        : "the clouds run without machines: they restart, and boot a machine for each of their servers",
    );
    await down();
  }
  const { cliConfig } = await ensureHcloudProvider(progress, terraformBinary());
  const registry = await registryHost(terraformBinary());
  const cloudflare =
    choice === "auto" ? ((await isRegistryReachable(registry)) ? "real" : "stand-in") : choice;
  const host = machines ? await hostPrerequisites(fleet, progress) : {};
  const session = await step(progress, `start the clouds (Cloudflare provider: ${cloudflare})`, () =>
    startDaemon({
      ...wanted,
      ...host,
      cloudflare,
      cloudflareAddress: `${registry}/cloudflare/cloudflare`,
      cliConfig,
    }),
  );
  const { TF_CLI_CONFIG_FILE, TF_REATTACH_PROVIDERS } = sandboxVariables(session);
  await lockSandboxProviders({ TF_CLI_CONFIG_FILE, TF_REATTACH_PROVIDERS });
  return session;
}

const preparationFor = (machines: boolean) => (machines ? forMachines() : CLOUDS);

type Accounts = Pick<DaemonOptions, "hetznerProjects" | "tokens" | "tokenZones" | "zones">;

/** Projects, stacks and zones by name that the configuration has and the clouds do not. */
function unknownTo(known: SandboxSession, wanted: Accounts): string[] {
  const zoneOf = ({ id, name, accountId }: Accounts["zones"][number]) => `${name} (${id}, ${accountId})`;
  const zones = known.zones.map(zoneOf);
  return [
    ...Object.keys(wanted.tokens).filter((name) => !Object.hasOwn(known.tokens, name)),
    ...wanted.zones.map(zoneOf).filter((zone) => !zones.includes(zone)),
    ...Object.entries(wanted.tokenZones)
      .filter(([name, zone]) => known.tokenZones[name] !== zone)
      .map(([name, zone]) => `${name} for ${zone}`),
  ];
}

/** Network, images and key for machines, in the order's words. */
async function hostPrerequisites(
  { base }: Fleet,
  progress: Progress,
): Promise<Pick<DaemonOptions, "machines" | "registryPid">> {
  const references = Object.values(base.images).map((pin) => imageReference(withoutDigest(pin)));
  const { registryPid, ...rest } = await prepareHostPrerequisites(sandboxDirectory(), references, progress);
  return { registryPid, machines: { ...rest, references: [...rest.references], volumeGb: base.volumeGb } };
}

/** Stops the clouds. Their state stays. */
export async function down(): Promise<boolean> {
  const session = runningSession();
  const registry = registryProcess(sandboxDirectory(), session?.registryPid);
  if (registry) process.kill(registry, "SIGTERM");
  if (!session) return false;
  process.kill(session.pid, "SIGTERM");
  // It takes its session away first and closes the clouds then.
  for (let waited = 0; isAlive(session.pid) && waited < 10_000; waited += 50) await sleep(50);
  if (isAlive(session.pid)) process.kill(session.pid, "SIGKILL");
  rmSync(sessionPath(), { force: true });
  return true;
}

/** Stops the clouds and forgets everything: resources, Terraform's state and output. */
export async function reset(): Promise<void> {
  await down();
  const machines = join(sandboxDirectory(), "machines");
  if (existsSync(machines)) {
    await removeMachines(machines);
    await removeNetwork();
  }
  rmSync(sandboxDirectory(), { recursive: true, force: true });
}

/** A project of Hetzner for each environment, the zones of the configuration, and a token for each stack: its old one, or a new one. */
function accounts({ base, reference, mirrors }: Fleet, old: SandboxSession["tokens"] = {}): Accounts {
  const declared = [reference, ...mirrors];
  const environments = declared.map(({ name }) => name);
  const zones = Object.entries(base.zones);
  const zoneOfStack = Object.fromEntries([
    ...declared.map(({ name, environment }) => [name, environment.zone.id] as const),
    ...zones.map(([name, id]) => [zoneStackName(name), id] as const),
  ]);
  const tokenOf = (name: string, length: number): string => old[name] ?? token(length);
  const hetznerProjects = Object.fromEntries(
    environments.map((name) => [name, tokenOf(tokenVariable("hcloud", name), 64)]),
  );
  const tokens = [
    ...Object.entries(hetznerProjects).map(([name, value]) => [tokenVariable("hcloud", name), value]),
    ...Object.keys(zoneOfStack)
      .map((name) => tokenVariable("cloudflare", name))
      .map((variable) => [variable, tokenOf(variable, 40)]),
  ];
  return {
    hetznerProjects,
    tokens: Object.fromEntries(tokens),
    tokenZones: Object.fromEntries(
      Object.entries(zoneOfStack).map(([stack, zone]) => [tokenVariable("cloudflare", stack), zone]),
    ),
    zones: zones.map(([name, id]) => ({ id, name, accountId: base.cloudflareAccountId })),
  };
}

const token = (length: number): string => randomBytes(length / 2).toString("hex");

async function startDaemon(order: DaemonOptions): Promise<SandboxSession> {
  const folder = sandboxDirectory();
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeAtomically(daemonOptionsPath(), JSON.stringify(order), 0o600);
  const log = join(folder, "daemon.log");
  const output = openSync(log, "w");
  const daemon = spawn("node", ["scripts/run.mjs", "sandbox/daemon.ts"], {
    detached: true,
    stdio: ["ignore", output, output],
    // Its start has a limit: it must not begin to build something.
    env: childEnvironment({ OLYMPUS_PREPARED: "1" }),
  });
  daemon.unref();
  for (let waited = 0; waited < 30_000 && daemon.exitCode === null; waited += 50) {
    const session = runningSession();
    if (session) return session;
    await sleep(50);
  }
  throw new Failure(`The sandbox did not start. Its log, ${log}, says:\n${readFileSync(log, "utf8")}`);
}
