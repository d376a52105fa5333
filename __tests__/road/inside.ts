// Run within the clone, with its configuration: what a person reads or does at a provider's page, and in a browser.
//   node scripts/run.mjs __tests__/road/inside.ts accounts|host-key|login|runner <environment> [address]
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { adminLogin } from "../../cli/provision/sandbox/admin-login.ts";
import { officeAddress } from "../../cli/provision/sandbox/machines.ts";
import { fingerprint } from "../../cli/shared/host-key.ts";
import { loadFleet } from "../../config/index.ts";
import { sandboxDirectory } from "../../lib/process-env.ts";
import { fetchOriginAuthority, originAuthorityFile } from "../../sandbox/edge.ts";
import { firstBoot } from "../../sandbox/machines/cloud-machines.ts";
import { addVisitor } from "../../sandbox/machines/network.ts";
import { originPullFile } from "../../sandbox/origin-pull.ts";
import { runningSession } from "../../sandbox/session.ts";
import { thirdParties } from "../../sandbox/third-parties.ts";
import { comeFrom } from "../host/whole/office-route.ts";

const [what, name, address = ""] = process.argv.slice(2);
const { reference, mirrors } = loadFleet();
const env = [reference, ...mirrors].find((one) => one.name === name)?.environment;
const session = runningSession();
if (!env || !session || !name) throw new Error(`no ${name}, or no clouds`);

/** What providers of mail, backups and alerts have given, as `secrets init --from` takes it. */
const accounts = async () => console.log(await thirdParties(env));

/** The line that the machine prints on its console at its first boot. */
async function hostKey(): Promise<void> {
  const key = await firstBoot(join(sandboxDirectory(), "machines"), env?.name ?? "");
  console.log(fingerprint(`console ${key}`));
}

/** Athena in a browser of the office; the password comes on standard input. */
async function login(cloudflare: string): Promise<void> {
  if (!env) return;
  await fetchOriginAuthority(cloudflare);
  const from = officeAddress(env);
  await addVisitor(from);
  const [ca, cert, key] = [
    originAuthorityFile(),
    originPullFile("client.crt"),
    originPullFile("client.key"),
  ].map((file) => readFileSync(file, "utf8"));
  const took = await adminLogin(env, { address, ca, cert, key, from }, readFileSync(0, "utf8").trim());
  console.log(`${env.firstAdministrator} is in Athena (https://${env.hosts.iamAdmin}/) after ${took} ms`);
}

/** The runner stands in the office (docs/first-deploy.md). */
async function runner(): Promise<void> {
  if (!env) return;
  const from = officeAddress(env);
  await addVisitor(from);
  await comeFrom(from);
}

const ACTIONS: Readonly<Record<string, () => Promise<void>>> = {
  accounts,
  "host-key": hostKey,
  login: () => login(session.cloudflareUrl),
  runner,
};
ACTIONS[what ?? ""]?.().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
