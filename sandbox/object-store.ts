import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { Failure } from "../lib/failure.ts";
import { writeAtomically } from "../lib/files.ts";
import { childEnvironment } from "../lib/process-env.ts";
import type { Progress } from "../lib/progress.ts";
import { ensureProgram } from "./programs/programs.ts";

/** Who may use the store. */
export interface StoreKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** An S3 server of this computer: what stands for the provider's store in the sandbox and in tests. */
export interface ObjectStore extends StoreKeys {
  /** `http://address:port`. */
  readonly endpoint: string;
  stop(): Promise<void>;
}

interface StoreAccounts {
  readonly folder: string;
  readonly keys: readonly StoreKeys[];
  /**
   * `user`: each may do what the policy of a bucket allows it. `userplus`: besides, what it likes with the buckets that it
   * has made.
   */
  readonly role?: "admin" | "user" | "userplus";
}

export interface StoreSettings {
  /** Holds a folder for each bucket; objects are files. */
  readonly folder: string;
  readonly address: string;
  readonly port: number;
  /** Requests that are signed for another are refused. */
  readonly region: string;
  /** Command words before the server's own, such as `nsenter …`, which run it in another network. */
  readonly prefix?: readonly string[];
  /** Further accounts, and a folder of their own to keep them in. Without a role each may do everything. */
  readonly accounts?: StoreAccounts;
  /** Holds policies of buckets and their old versions; without it there are neither. */
  readonly versions?: string;
}

/** Keys of the form that providers give. */
export const randomKeys = (): StoreKeys => ({
  accessKeyId: randomBytes(10).toString("hex"),
  secretAccessKey: randomBytes(20).toString("hex"),
});

/** The server's own form of a list of accounts. */
function accountsIn(accounts: StoreSettings["accounts"]): string[] {
  if (!accounts) return [];
  const list = accounts.keys.map(({ accessKeyId: access, secretAccessKey: secret }) => [
    access,
    { access, secret, role: accounts.role ?? "admin", userID: 0, groupID: 0, projectID: 0 },
  ]);
  mkdirSync(accounts.folder, { recursive: true, mode: 0o700 });
  const text = JSON.stringify({ accessAccounts: Object.fromEntries(list) });
  writeAtomically(join(accounts.folder, "users.json"), text, 0o600);
  return ["--iam-dir", accounts.folder];
}

/** Never in extended attributes, which not every file system has. */
function kept({ versions }: StoreSettings): string[] {
  if (!versions) return ["--nometa"];
  const [attributes, old] = [join(versions, "attributes"), join(versions, "old")];
  for (const folder of [attributes, old]) mkdirSync(folder, { recursive: true, mode: 0o700 });
  return ["--sidecar", attributes, "--versioning-dir", old];
}

const PATIENCE_MS = 15_000;

/** Starts the server and returns once it answers. Its keys are known to the caller alone. */
export async function startObjectStore(settings: StoreSettings, progress: Progress): Promise<ObjectStore> {
  const { folder, address, port, region, prefix = [], accounts } = settings;
  const keys = randomKeys();
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const server = [
    await ensureProgram("versitygw", progress),
    "--port",
    `${address}:${port}`,
    ...["--region", region],
    "--quiet",
    ...accountsIn(accounts),
  ];
  const [command = "", ...args] = [...prefix, ...server, "posix", ...kept(settings), folder];
  const env = childEnvironment({
    ROOT_ACCESS_KEY_ID: keys.accessKeyId,
    ROOT_SECRET_ACCESS_KEY: keys.secretAccessKey,
  });
  const child = spawn(command, args, { stdio: ["ignore", "ignore", "pipe"], env });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGTERM");
    await once(child, "exit");
  };
  const end = Date.now() + PATIENCE_MS;
  const endpoint = `http://${address}:${port}`;
  const [asking = "", ...words] = [...prefix, "curl", "-s", "-o", "/dev/null", endpoint];
  while ((await execa(asking, words, { reject: false })).exitCode !== 0) {
    if (child.exitCode !== null)
      throw new Failure(`the S3 server ended with ${child.exitCode}: ${said.trim()}`);
    if (Date.now() > end) {
      await stop();
      throw new Failure(`the S3 server does not answer at ${endpoint}: ${said.trim()}`);
    }
    await sleep(50);
  }
  return { endpoint, ...keys, stop };
}
