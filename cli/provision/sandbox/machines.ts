import { readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import ipaddr from "ipaddr.js";
import type { Environment } from "../../../config/load/environment.ts";
import { Failure } from "../../../lib/failure.ts";
import { childEnvironment, sandboxDirectory } from "../../../lib/process-env.ts";
import { stderrProgress as progress, step } from "../../../lib/progress.ts";
import { fetchOriginAuthority, originAuthorityFile } from "../../../sandbox/edge.ts";
import { firstBoot } from "../../../sandbox/machines/cloud-machines.ts";
import { identityFile } from "../../../sandbox/machines/host-prerequisites.ts";
import { addVisitor } from "../../../sandbox/machines/network.ts";
import { originPullFile } from "../../../sandbox/origin-pull.ts";
import { type SandboxSession, sandboxVariables } from "../../../sandbox/session.ts";
import { fingerprint } from "../../shared/host-key.ts";
import { adminLogin } from "./admin-login.ts";
import { readSecret, secretCommand } from "./secret.ts";
import { initSandboxSecrets } from "./secrets.ts";

/**
 * From a booted server of the sandbox to somebody who logs in: its secrets, a release over ssh, and the first
 * administrator's login through Caddy. Returns the lines that say where to look.
 */
export async function bringUp(env: Environment, session: SandboxSession, address: string): Promise<string[]> {
  const { name } = env;
  const machines = join(sandboxDirectory(), "machines");
  const hostKey = await step(progress, `first boot of ${name}`, () => firstBoot(machines, name));
  const trust = ["--host-key", fingerprint(`${address} ${hostKey}`)];
  await initSandboxSecrets(session, progress);
  await olympus(session, "secrets", "push", name, ...trust);
  await olympus(session, "release", name, ...trust);

  await fetchOriginAuthority(session.cloudflareUrl);
  await addVisitor(officeAddress(env));
  const password = await readSecret(session, name, "ADMIN_PASSWORD");
  const files = [originAuthorityFile(), originPullFile("client.crt"), originPullFile("client.key")];
  const [ca, cert, key] = files.map((file) => readFileSync(file, "utf8"));
  const took = await adminLogin(env, { address, ca, cert, key, from: officeAddress(env) }, password);
  return accessHints(env, address, took, await secretCommand(name, "ADMIN_PASSWORD"));
}

/** A verb as somebody types it into a shell of the sandbox. */
async function olympus(session: SandboxSession, ...words: string[]): Promise<void> {
  const { exitCode } = await execa("node", ["scripts/run.mjs", ...words], {
    env: childEnvironment(sandboxVariables(session)),
    extendEnv: false,
    stdio: ["ignore", "inherit", "inherit"],
    reject: false,
  });
  if (exitCode !== 0) throw new Failure(`\`olympus ${words.join(" ")}\` ended with ${exitCode}; see above.`);
}

/** Somebody in the office: the first address of its first IPv4 range. */
export function officeAddress({ office }: Environment): string {
  const range = office.cidrs.map((cidr) => ipaddr.parseCIDR(cidr)).find(([{ kind }]) => kind() === "ipv4");
  if (!range)
    throw new Failure("office.cidrs has no IPv4 range: the sandbox's machines can only be reached from one.");
  const [network, bits] = range;
  const bytes = network.toByteArray();
  if (bits < 32) bytes[3] = (bytes[3] ?? 0) + 1;
  return bytes.join(".");
}

function accessHints(env: Environment, address: string, took: number, password: string): string[] {
  const { hosts, firstAdministrator, extras, name } = env;
  const [cert, key] = [originPullFile("client.crt"), originPullFile("client.key")];
  const curl = `curl --interface ${officeAddress(env)} --cacert ${originAuthorityFile()} --cert ${cert} --key ${key}`;
  return [
    `Where to look: ${name} at ${address}`,
    `  ssh -i ${identityFile(sandboxDirectory())} olympus@${address}`,
    `  ./olympus sandbox run -- ./olympus status ${name}`,
    "  as a colleague in the office whose requests come through Cloudflare:",
    `    ${curl} --resolve '*:443:${address}' https://${hosts.site}/`,
    `  https://${hosts.iamAdmin}/  ${firstAdministrator} logged in within ${took} ms; the password:`,
    `    ${password}`,
    ...(extras?.mail === "mailpit" ? [`  https://${hosts.mail}/  every mail that ${name} sends`] : []),
  ];
}
