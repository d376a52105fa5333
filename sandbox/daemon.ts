import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { cloudflareEmulator } from "@olympus-infra/cloudflare-emulator";
import { serveStandIn } from "@olympus-infra/cloudflare-provider-standin";
import { hetznerEmulator } from "@olympus-infra/hetzner-emulator";
import { cloudflareRanges } from "../config/cloudflare-ranges.ts";
import { writeAtomically } from "../lib/files.ts";
import { serve } from "../lib/http-service.ts";
import { sandboxDirectory } from "../lib/process-env.ts";
import { stderrProgress } from "../lib/progress.ts";
import { startBackupStore } from "./backup-store.ts";
import { type DaemonOptions, daemonOptionsPath, daemonOptionsSchema } from "./daemon-options.ts";
import { bridgeAddress, cloudMachines } from "./machines/cloud-machines.ts";
import { NETWORK } from "./machines/network.ts";
import { type SandboxSession, sessionPath } from "./session.ts";

async function main(): Promise<void> {
  const order = daemonOptionsSchema.parse(JSON.parse(readFileSync(daemonOptionsPath(), "utf8")));
  rmSync(daemonOptionsPath());
  const clouds = join(sandboxDirectory(), "clouds");
  mkdirSync(clouds, { recursive: true, mode: 0o700 });

  const hetznerService = await serve(
    hetznerEmulator({
      directory: join(clouds, "hetzner"),
      projects: order.hetznerProjects,
      ...createMachines(order),
    }),
  );
  const cloudflareTokens = Object.entries(order.tokens).filter(([name]) => name.startsWith("cloudflare_"));
  const cloudflareService = await serve(
    cloudflareEmulator({
      statePath: join(clouds, "cloudflare.json"),
      tokens: cloudflareTokens.map(([name, value]) => ({
        value,
        zones: [order.tokenZones[name] ?? []].flat(),
      })),
      zones: order.zones,
      ranges: cloudflareRanges,
      // The machines' own addresses are private; at Hetzner they would not be.
      reachable: [NETWORK.range],
    }),
  );
  const standIn =
    order.cloudflare === "stand-in"
      ? await serveStandIn({
          directory: "packages/cloudflare-provider-standin",
          address: order.cloudflareAddress,
          baseUrl: `${cloudflareService.url}/client/v4`,
        })
      : undefined;

  const store = order.machines && (await startBackupStore(stderrProgress));

  const session: SandboxSession = {
    pid: process.pid,
    hetznerUrl: hetznerService.url,
    cloudflareUrl: cloudflareService.url,
    cloudflare: order.cloudflare,
    reattach: standIn?.reattach,
    cliConfig: order.cliConfig,
    tokens: order.tokens,
    zones: order.zones,
    tokenZones: order.tokenZones,
    registryPid: order.registryPid,
  };
  writeAtomically(sessionPath(), JSON.stringify(session), 0o600);

  const stop = async (): Promise<void> => {
    if (existsSync(sessionPath())) rmSync(sessionPath());
    await Promise.all([hetznerService.close(), cloudflareService.close(), standIn?.close(), store?.stop()]);
    process.exit(0);
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void stop());
}

/** Servers as real machines, where the order has them. */
function createMachines({ machines }: DaemonOptions) {
  // The same addresses with and without machines: a server of the books can become a machine later.
  if (!machines) return { ipv4: bridgeAddress };
  const { sshKey, volumeGb, ...mirror } = machines;
  const folder = join(sandboxDirectory(), "machines");
  return {
    machines: cloudMachines({ folder, sshKey, volumeGb, mirror }, stderrProgress),
    ipv4: bridgeAddress,
  };
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
