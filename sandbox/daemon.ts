import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sandboxDirectory } from "../config/process-env.ts";
import { startBackupStore } from "./backup-store.ts";
import { cloudflare } from "./cloudflare/index.ts";
import { hetzner } from "./hetzner/app.ts";
import { bridgeAddress, cloudMachines } from "./host/cloud-machines.ts";
import { stderrProgress } from "./host/progress.ts";
import { serve } from "./http.ts";
import { type Order, orderPath, orderSchema } from "./order.ts";
import { type Session, sessionPath } from "./session.ts";
import { cloudflareSchema, serveStandIn } from "./terraform/stand-in/index.ts";

async function main(): Promise<void> {
  const order = orderSchema.parse(JSON.parse(readFileSync(orderPath(), "utf8")));
  rmSync(orderPath());
  const clouds = join(sandboxDirectory(), "clouds");
  mkdirSync(clouds, { recursive: true, mode: 0o700 });

  const hetznerService = await serve(
    hetzner({ directory: join(clouds, "hetzner"), projects: order.hetznerProjects, ...machinesOf(order) }),
  );
  const cloudflareTokens = Object.entries(order.tokens).filter(([name]) => name.startsWith("cloudflare_"));
  const cloudflareService = await serve(
    cloudflare({
      statePath: join(clouds, "cloudflare.json"),
      tokens: cloudflareTokens.map(([, value]) => ({ value })),
      zones: order.zones,
    }),
  );
  const standIn =
    order.cloudflare === "stand-in"
      ? await serveStandIn({
          schema: cloudflareSchema,
          address: order.cloudflareAddress,
          baseUrl: `${cloudflareService.url}/client/v4`,
        })
      : undefined;

  const store = order.machines && (await startBackupStore(stderrProgress));

  const session: Session = {
    pid: process.pid,
    hetznerUrl: hetznerService.url,
    cloudflareUrl: cloudflareService.url,
    cloudflare: order.cloudflare,
    reattach: standIn?.reattach,
    cliConfig: order.cliConfig,
    tokens: order.tokens,
    registryPid: order.registryPid,
  };
  writeFileSync(`${sessionPath()}.new`, JSON.stringify(session), { mode: 0o600 });
  renameSync(`${sessionPath()}.new`, sessionPath());

  const stop = async (): Promise<void> => {
    if (existsSync(sessionPath())) rmSync(sessionPath());
    await Promise.all([hetznerService.close(), cloudflareService.close(), standIn?.close(), store?.stop()]);
    process.exit(0);
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void stop());
}

/** Servers as real machines, where the order has them. */
function machinesOf({ machines }: Order) {
  if (!machines) return {};
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
