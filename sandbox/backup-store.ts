import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { loadFleet } from "../config/index.ts";
import { writeAtomically } from "../lib/files.ts";
import { sandboxDirectory } from "../lib/process-env.ts";
import type { Progress } from "../lib/progress.ts";
import { NETWORK } from "./machines/network.ts";
import { type ObjectStore, randomKeys, type StoreKeys, startObjectStore } from "./object-store.ts";

const PORT = 7070;

/** Where the machines of a sandbox reach the store of their backups: plain HTTP, on the sandbox's own bridge. */
export const BACKUP_ENDPOINT = `http://${NETWORK.gateway}:${PORT}`;

const keysSchema = z.strictObject({ accessKeyId: z.string(), secretAccessKey: z.string() });

/** An environment's keys for the store, made once: what a provider would have given. */
export function backupKeys(environment: string): StoreKeys {
  const file = join(sandboxDirectory(), "third-parties", `backup-store.${environment}.json`);
  if (existsSync(file)) return keysSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  const keys = randomKeys();
  mkdirSync(join(file, ".."), { recursive: true, mode: 0o700 });
  writeAtomically(file, JSON.stringify(keys), 0o600);
  return keys;
}

/**
 * A real S3 server with a bucket and an account for each environment. What a provider would add: here every account may
 * open every bucket.
 */
export function startBackupStore(progress: Progress): Promise<ObjectStore> {
  const folder = join(sandboxDirectory(), "backups");
  const { base, reference, mirrors } = loadFleet();
  const names = [reference, ...mirrors].map(({ name }) => name);
  for (const name of names)
    mkdirSync(join(folder, `${base.backup.bucketPrefix}-${name}`), { recursive: true, mode: 0o700 });
  const accounts = {
    folder: join(sandboxDirectory(), "third-parties", "backup-accounts"),
    keys: names.map(backupKeys),
  };
  const { region } = base.backup;
  return startObjectStore({ folder, address: NETWORK.gateway, port: PORT, region, accounts }, progress);
}
