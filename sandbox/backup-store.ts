import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { loadFleet } from "../config/index.ts";
import { writeAtomically } from "../lib/files.ts";
import { sandboxDirectory } from "../lib/process-env.ts";
import type { Progress } from "../lib/progress.ts";
import { NETWORK } from "./machines/network.ts";
import { type ObjectStore, randomKeys, type StoreKeys, startObjectStore } from "./object-store.ts";
import { BACKUP_RIGHTS, setBucket } from "./store-buckets.ts";

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

/** A real S3 server, set as docs/runbooks/backup.md says: a bucket with old versions and a key that deletes none, for each environment. */
export async function startBackupStore(progress: Progress): Promise<ObjectStore> {
  const { base, reference, mirrors } = loadFleet();
  const names = [reference, ...mirrors].map(({ name }) => name);
  const { region, bucketPrefix } = base.backup;
  const accounts = {
    folder: join(sandboxDirectory(), "third-parties", "backup-accounts"),
    keys: names.map(backupKeys),
    role: "user",
  } as const;
  const folder = join(sandboxDirectory(), "backups");
  const versions = join(sandboxDirectory(), "backup-versions");
  const bucketOf = (name: string) => `${bucketPrefix}-${name}`;
  // A folder is a bucket.
  for (const name of names) mkdirSync(join(folder, bucketOf(name)), { recursive: true, mode: 0o700 });
  const place = { folder, versions, address: NETWORK.gateway, port: PORT };
  const store = await startObjectStore({ ...place, region, accounts }, progress);
  for (const name of names)
    await setBucket({ ...store, region }, bucketOf(name), {
      ...{ isVersioned: true, key: backupKeys(name), rights: BACKUP_RIGHTS },
    });
  return store;
}
