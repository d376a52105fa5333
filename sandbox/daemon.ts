import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sandboxDirectory } from "../config/process-env.ts";
import { cloudflare } from "./cloudflare/index.ts";
import { hetzner } from "./hetzner/app.ts";
import { serve } from "./http.ts";
import { orderPath, orderSchema } from "./order.ts";
import { type Session, sessionPath } from "./session.ts";
import { cloudflareSchema, serveStandIn } from "./terraform/stand-in/index.ts";

async function main(): Promise<void> {
  const order = orderSchema.parse(JSON.parse(readFileSync(orderPath(), "utf8")));
  rmSync(orderPath());
  const clouds = join(sandboxDirectory(), "clouds");
  mkdirSync(clouds, { recursive: true, mode: 0o700 });

  const hetznerService = await serve(
    hetzner({ directory: join(clouds, "hetzner"), projects: order.hetznerProjects }),
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

  const session: Session = {
    pid: process.pid,
    hetznerUrl: hetznerService.url,
    cloudflareUrl: cloudflareService.url,
    cloudflare: order.cloudflare,
    reattach: standIn?.reattach,
    cliConfig: order.cliConfig,
    tokens: order.tokens,
  };
  writeFileSync(`${sessionPath()}.new`, JSON.stringify(session), { mode: 0o600 });
  renameSync(`${sessionPath()}.new`, sessionPath());

  const stop = async (): Promise<void> => {
    if (existsSync(sessionPath())) rmSync(sessionPath());
    await Promise.all([hetznerService.close(), cloudflareService.close(), standIn?.close()]);
    process.exit(0);
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void stop());
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
