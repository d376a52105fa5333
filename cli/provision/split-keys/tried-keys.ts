import { Failure } from "../../../lib/failure.ts";
import type { Bucket, StoreAnswer } from "../../shared/object-store.ts";
import { openSshConnection } from "../../shared/ssh.ts";
import { locate, type TargetOptions } from "../../shared/target.ts";
import { isRefusal, stateKey } from "./move-state.ts";
import { createObject, readObject, removeObject } from "./objects.ts";

/** What trying one key on one thing came to. */
export interface Trial {
  /** `olympus-shared`. */
  readonly key: string;
  /** `acme-state-prod`. */
  readonly on: string;
  readonly came: "opens nothing" | "opens it" | "not tried";
  /** What it may do there, or why it could not be tried. */
  readonly detail: string;
}

const PROBE = "olympus-probe";

/** Reads a state and writes a probe with a key that may do neither. What it has written is removed again. */
export async function tryOnBucket(key: string, bucket: Bucket, stack: string): Promise<Trial> {
  const on = bucket.name;
  const read = await readObject(bucket, stateKey(stack));
  const written = await createObject(bucket, PROBE, "written by ./olympus split-keys: may be deleted\n");
  if (written.status === 200) await removeObject(bucket, PROBE);
  if (read.text.includes("NoSuchBucket")) return { key, on, came: "opens nothing", detail: "no such bucket" };
  const reads = [200, 404].includes(read.status) && "read";
  // 412: it may write, and a run that was killed has left its probe.
  const writes = [200, 412].includes(written.status) && "write";
  if (reads || writes)
    return { key, on, came: "opens it", detail: [reads, writes].filter(Boolean).join(" and ") };
  const odd = [read, written].find((answer: StoreAnswer) => !isRefusal(answer));
  return odd
    ? { key, on, came: "not tried", detail: `the store answered ${odd.status}` }
    : { key, on, came: "opens nothing", detail: "" };
}

/** Tries to log in to an environment's machine with a key that must not open it any more. */
export async function tryOnMachine(
  environment: string,
  identity: string,
  options: TargetOptions = {},
): Promise<Trial> {
  const trial = { key: identity, on: `the machine of ${environment}` };
  try {
    const address = await locate(environment, { ...options, identity });
    const connection = await openSshConnection(address);
    await connection.close();
    return { ...trial, came: "opens it", detail: "root" };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    // Refused by a machine whose host key is the known one.
    return /Permission denied \(/.test(error.message)
      ? { ...trial, came: "opens nothing", detail: "" }
      : { ...trial, came: "not tried", detail: error.message };
  }
}
