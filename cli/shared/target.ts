import { setTimeout as sleep } from "node:timers/promises";
import ipaddr from "ipaddr.js";
import { loadFleet } from "../../config/index.ts";
import type { Environment } from "../../config/load/environment.ts";
import { Failure } from "../../lib/failure.ts";
import { sshIdentity } from "../../lib/process-env.ts";
import { knownHostsFile, knownKey, learnHostKey, shownKey } from "./host-key.ts";
import { type Address, openSshConnection, type Remote } from "./ssh.ts";
import { deployedOutputs, type Outputs } from "./terraform.ts";

/** Which machine, instead of the one that Terraform made. */
export interface TargetOptions {
  readonly host?: string;
  readonly port?: string;
  readonly identity?: string;
  readonly hostKey?: string;
  readonly acceptNew?: boolean;
  readonly knownHosts?: string;
}

/** The environment of that name. Throws a {@link Failure} that names the declared ones. */
export function environmentNamed(name: string): Environment {
  const fleet = loadFleet();
  const declared = [fleet.reference, ...fleet.mirrors];
  const found = declared.find((candidate) => candidate.name === name);
  if (!found)
    throw new Failure(
      `${name} is not an environment: config/ declares ${declared.map((candidate) => candidate.name).join(", ")}`,
    );
  return found.environment;
}

/** The machine of an environment: as told, or as Terraform's outputs say. Its host key is known when this returns. */
export async function locate(environment: string, options: TargetOptions): Promise<Address> {
  const { host, port, knownHosts } = await sshTarget(environment, options);
  await learnHostKey(knownHosts, host, port, options);
  return { host, port, identity: options.identity ?? sshIdentity(), knownHosts };
}

/** Whether a host key of the environment's machine has been learnt before. */
export async function isKnown(environment: string, options: TargetOptions): Promise<boolean> {
  const { host, port, knownHosts } = await sshTarget(environment, options);
  return knownKey(knownHosts, host, port) !== undefined;
}

const ANSWER_LIMIT_MS = 300_000;
const POLL_MS = 3000;

/** Waits until the environment's machine shows a host key: it may have been made a moment ago. Throws nothing where none comes. */
export async function awaitMachine(environment: string, options: TargetOptions): Promise<void> {
  const { host, port } = await sshTarget(environment, options);
  const end = Date.now() + ANSWER_LIMIT_MS;
  while (!(await shownKey(host, port)) && Date.now() < end) await sleep(POLL_MS);
}

/** Whether the machine that a verb is about to change is on the internet: names are, and public addresses. */
export async function isOnTheInternet(environment: string, options: TargetOptions): Promise<boolean> {
  const { host } = await sshTarget(environment, options);
  return ipaddr.isValid(host) ? ipaddr.parse(host).range() === "unicast" : host !== "localhost";
}

async function sshTarget(environment: string, options: TargetOptions) {
  const port = Number(options.port ?? 22);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new Failure(`--port ${options.port}: allowed is a whole number from 1 to 65535`);
  const host = options.host ?? (await outputAddress(environment));
  // A leading dash would be an option to ssh.
  if (!/^[0-9A-Za-z][\w.:-]*$/.test(host))
    throw new Failure(`--host ${host}: allowed is a name or an address`);
  return { host, port, knownHosts: options.knownHosts ?? knownHostsFile(environment) };
}

/** Opens a connection to the environment's machine. */
export async function connectToMachine(
  environment: string,
  options: TargetOptions,
  hold?: string,
): Promise<Remote> {
  return openSshConnection(await locate(environment, options), hold);
}

async function outputAddress(environment: string): Promise<string> {
  let why = "";
  const { server_ipv4: address }: Outputs = await deployedOutputs({
    stack: environment,
    variables: {},
  }).catch((error: unknown) => {
    why = `\n${error instanceof Failure ? error.message : String(error)}`;
    return {};
  });
  if (typeof address === "string") return address;
  throw new Failure(
    `${environment} has no output server_ipv4: provision it first (docs/runbooks/provision.md), or name its machine with --host.${why}`,
  );
}
