import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { SmokeReport } from "../../../cli/smoke/report.ts";
import { environmentFile } from "../../../host/environment-file.ts";
import type { CertifiedKey } from "../../../lib/x509.ts";
import { putCaddy } from "../../host/bundle/caddy-files.ts";
import type { MachineFixture } from "../../host/bundle/machine.ts";
import { testAuthority, writeCertificate } from "../../support/certificates.ts";
import { fixtureFleet } from "../../support/fleet/fleet.ts";
import { openVisitor, type Visitor } from "./visitor.ts";

const staging = fixtureFleet().mirrors[0]?.environment;
if (!staging) throw new Error("config/ declares no rehearsal");

/** Values of staging; no Cloudflare stands before this machine, so nobody has its certificate to show. */
/** Open to everybody, so that a run from outside sees more than the refusal that staging has for it. */
export const smokeValues = { ...environmentFile(staging), ORIGIN_PULL_MODE: "request", DISPOSABLE: "0" };
export const { hosts } = staging;

export let smokeMachine: MachineFixture;
export let visitor: Visitor;
let ca: CertifiedKey;
const TLS = "/etc/olympus/tls";
const CADDY = ["--config", "/etc/caddy/Caddyfile", "--adapter", "caddyfile"];

/** Certificates of the machine, and whoever it believes to be Cloudflare. */
export async function certify(name = "*.your-app.com", days = 90): Promise<void> {
  const folder = join(smokeMachine.root, TLS);
  await writeCertificate(ca, folder, "origin", [name], days);
  writeFileSync(join(folder, "origin-pull-ca.pem"), ca.certificate);
}

/** The real Caddy with the bundle's files behind the bundle's firewall, and a visitor with these variables. */
export async function openSmokeEdge(on: MachineFixture, env: Record<string, string>): Promise<void> {
  smokeMachine = on;
  ca = await testAuthority();
  putCaddy(smokeMachine);
  await certify();
  smokeMachine.daemon(["caddy", "run", ...CADDY], { env: smokeValues });
  await smokeMachine.until(20, ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/443"]);
  visitor = await openVisitor(smokeMachine, { ca: ca.certificate, env });
}

/** Starts the upstream of upstream.ts in the machine's network; its faults stand in a file. */
export async function startUpstream(): Promise<{ stop(): void }> {
  setUpstreamFaults();
  const script = join(process.cwd(), "__tests__/cli/smoke/upstream.ts");
  const started = smokeMachine.outside(
    [
      "sh",
      "-c",
      `setsid node --import tsx ${script} ${faultFile()} >${smokeMachine.root}/tmp/upstream.log 2>&1 & echo $!`,
    ],
    { env: { PATH: `${join(process.execPath, "..")}:/usr/sbin:/usr/bin:/sbin:/bin` } },
  );
  await smokeMachine.until(20, ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8025"]);
  return { stop: () => process.kill(Number(started.out.trim()), "SIGKILL") };
}

const faultFile = (): string => join(smokeMachine.root, "tmp/faults");
/** The upstream's faults from now on; none takes them away. */
export const setUpstreamFaults = (...faults: string[]): void => writeFileSync(faultFile(), faults.join("\n"));

/** Replaces text in one of Caddy's files; throws when it is not there. */
export function rewrite(file: string, from: string | RegExp, to: string): void {
  const path = join(smokeMachine.root, "etc/caddy", file);
  const text = readFileSync(path, "utf8");
  const changed = text.replaceAll(from, to);
  if (changed === text) throw new Error(`${file} does not hold ${from}`);
  writeFileSync(path, changed);
}

/** Makes Caddy read its files and certificates anew. */
export function reloadCaddy(env: Record<string, string> = smokeValues): void {
  const done = smokeMachine.run(["caddy", "reload", "--force", ...CADDY], { env });
  if (done.code !== 0) throw new Error(done.err);
}

/** Takes every fault away. */
export async function clearFaults(): Promise<void> {
  setUpstreamFaults();
  putCaddy(smokeMachine);
  await certify();
  reloadCaddy();
}

/** The bundle's firewall, as a boot loads it. */
export const firewall = (): void => {
  smokeMachine.outside(["nft", "-f", join(process.cwd(), "host/bootstrap/nftables.conf")]);
};

/** The lines of a state, as `kind subject: detail`. */
export const linesOf = (report: SmokeReport, state: "passed" | "failed" | "skipped"): string[] =>
  report.checks.filter((check) => check.state === state).map((c) => `${c.kind} ${c.subject}: ${c.detail}`);
