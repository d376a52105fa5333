import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadFleet } from "../../../config/index.ts";
import { environmentFile } from "../../../host/environment-file.ts";
import type { SmokeReport } from "../../../scripts/smoke/report.ts";
import type { Machine } from "../files/machine.ts";
import { type Authority, authority } from "./certificate.ts";
import { openVisitor, type Visitor } from "./visitor.ts";

const staging = loadFleet().mirrors[0]?.environment;
if (!staging) throw new Error("config/ declares no rehearsal");

/** Values of staging; no Cloudflare stands before this machine, so nobody has its certificate to show. */
export const values = { ...environmentFile(staging), ORIGIN_PULL_MODE: "request" };
export const { hosts } = staging;

export let machine: Machine;
export let visitor: Visitor;
export let ca: Authority;
const TLS = "/etc/olympus/tls";
const CADDY = ["--config", "/etc/caddy/Caddyfile", "--adapter", "caddyfile"];

/** Certificates of the machine, and whoever it believes to be Cloudflare. */
export async function certify(name = "*.your-app.com", days = 90): Promise<void> {
  await ca.issue(join(machine.root, TLS), name, days);
  writeFileSync(join(machine.root, TLS, "origin-pull-ca.pem"), ca.pem);
}

/** The real Caddy with the bundle's files behind the bundle's firewall, and a visitor with these variables. */
export async function openEdge(on: Machine, env: Record<string, string>): Promise<void> {
  machine = on;
  ca = await authority();
  machine.put("caddy", "/etc/caddy");
  await certify();
  machine.daemon(["caddy", "run", ...CADDY], { env: values });
  await machine.until(20, ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/443"]);
  visitor = await openVisitor(machine, { ca: ca.pem, env });
}

/** Starts the upstream of upstream.ts in the machine's network; its faults stand in a file. */
export async function startUpstream(): Promise<{ stop(): void }> {
  plant();
  const script = join(process.cwd(), "__tests__/host/smoke/upstream.ts");
  const started = machine.outside(
    [
      "sh",
      "-c",
      `setsid node --import tsx ${script} ${faultFile()} >${machine.root}/tmp/upstream.log 2>&1 & echo $!`,
    ],
    { env: { PATH: `${join(process.execPath, "..")}:/usr/sbin:/usr/bin:/sbin:/bin` } },
  );
  await machine.until(20, ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8025"]);
  return { stop: () => process.kill(Number(started.out.trim()), "SIGKILL") };
}

const faultFile = (): string => join(machine.root, "tmp/faults");
/** The upstream's faults from now on; none takes them away. */
export const plant = (...faults: string[]): void => writeFileSync(faultFile(), faults.join("\n"));

/** Replaces text in one of Caddy's files; throws when it is not there. */
export function rewrite(file: string, from: string | RegExp, to: string): void {
  const path = join(machine.root, "etc/caddy", file);
  const text = readFileSync(path, "utf8");
  const changed = text.replaceAll(from, to);
  if (changed === text) throw new Error(`${file} does not hold ${from}`);
  writeFileSync(path, changed);
}

/** Makes Caddy read its files and certificates anew. */
export function reload(env: Record<string, string> = values): void {
  const done = machine.run(["caddy", "reload", "--force", ...CADDY], { env });
  if (done.code !== 0) throw new Error(done.err);
}

/** Takes every fault away. */
export async function restore(): Promise<void> {
  plant();
  machine.put("caddy", "/etc/caddy");
  await certify();
  reload();
}

/** The bundle's firewall, as a boot loads it. */
export const firewall = (): void => {
  machine.outside(["nft", "-f", join(process.cwd(), "host/bootstrap/nftables.conf")]);
};

/** The lines of a state, as `kind subject: detail`. */
export const linesOf = (report: SmokeReport, state: "passed" | "failed" | "skipped"): string[] =>
  report.checks.filter((check) => check.state === state).map((c) => `${c.kind} ${c.subject}: ${c.detail}`);
