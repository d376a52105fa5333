import { join } from "node:path";
import { z } from "zod";
import { sandboxDirectory } from "../lib/process-env.ts";

/** Zones that Cloudflare has, and whose. */
export const zonesSchema = z.array(
  z.strictObject({ id: z.string(), name: z.string(), accountId: z.string() }),
);

export const tokenZonesSchema = z.record(z.string(), z.string());

/** What `olympus sandbox up` asks of the process that stays. */
export const daemonOptionsSchema = z.strictObject({
  cloudflare: z.enum(["real", "stand-in"]),
  cloudflareAddress: z.string(),
  cliConfig: z.string().optional(),
  /** Tokens by Terraform variable, and the project or stack each belongs to. */
  hetznerProjects: z.record(z.string(), z.string()),
  tokens: z.record(z.string(), z.string()),
  /** Zone that each of Cloudflare's tokens is limited to, by Terraform variable. */
  tokenZones: tokenZonesSchema,
  /** Absent: servers exist in the books only. */
  machines: z
    .strictObject({
      volumeGb: z.int(),
      sshKey: z.string(),
      endpoint: z.string(),
      references: z.array(z.string()),
    })
    .optional(),
  registryPid: z.int().positive().optional(),
  zones: zonesSchema,
});
export type DaemonOptions = z.infer<typeof daemonOptionsSchema>;

export const daemonOptionsPath = (): string => join(sandboxDirectory(), "order.json");
