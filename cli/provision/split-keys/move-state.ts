import { randomUUID } from "node:crypto";
import { userInfo } from "node:os";
import { z } from "zod";
import { Failure } from "../../../lib/failure.ts";
import { parsedJson } from "../../../lib/json.ts";
import { printable } from "../../../lib/printable.ts";
import type { Bucket, StoreAnswer } from "../../shared/object-store.ts";
import { createObject, readObject } from "./objects.ts";

/** A stack's state, where it was and where it belongs. */
export interface Move {
  readonly stack: string;
  readonly from: Bucket;
  readonly to: Bucket;
}

const stateSchema = z.object({
  version: z.literal(4),
  serial: z.int().nonnegative(),
  lineage: z.string().min(1),
  resources: z.array(z.unknown()),
});
type State = z.infer<typeof stateSchema> & { readonly text: string };

/** What a look at both buckets has found. `closed`: the old key opens the old bucket no more. */
export interface BothStates {
  readonly old: State | "none" | "closed";
  readonly own: State | "none";
}

export const stateKey = (stack: string): string => `${stack}.tfstate`;

/** Whether a store has refused the key: unknown, revoked, or without the right. */
export const isRefusal = ({ status }: StoreAnswer): boolean => status === 401 || status === 403;

/** What lies in both buckets. Throws a {@link Failure} where that cannot be told. */
export async function look({ stack, from, to }: Move): Promise<BothStates> {
  const [old, own] = await Promise.all([readObject(from, stateKey(stack)), readObject(to, stateKey(stack))]);
  const isGone = old.status === 404 && old.text.includes("NoSuchBucket");
  return {
    old: isRefusal(old) || isGone ? "closed" : stateIn(from, stack, old),
    own: stateIn(to, stack, own),
  };
}

function stateIn({ name }: Bucket, stack: string, { status, text }: StoreAnswer): State | "none" {
  if (status === 404 && !text.includes("NoSuchBucket")) return "none";
  if (status !== 200)
    throw new Failure(
      `The bucket ${name} answered ${status} to the key of ${stack}: make the bucket, and a key for it alone, as docs/runbooks/split-keys.md says.`,
    );
  const state = stateSchema.safeParse(parsedJson(text));
  if (!state.success)
    throw new Failure(
      `${name}/${stateKey(stack)} is not a state that Terraform has written. Look at the earlier versions of the object.`,
    );
  return { ...state.data, text };
}

/** What is to be done about a stack. Throws a {@link Failure} where a copy would lose something. */
export function decided(stack: string, { old, own }: BothStates): "copy" | "there" | "nothing" {
  if (own === "none") {
    if (old === "closed")
      throw new Failure(
        `The state of ${stack} is in no bucket that can be read: the old key is refused, and the new bucket is empty. Bring the old key back, then run this again.`,
      );
    return old === "none" ? "nothing" : "copy";
  }
  if (typeof old === "string") return "there";
  const isLater = own.serial > old.serial || (own.serial === old.serial && own.text === old.text);
  if (own.lineage === old.lineage && isLater) return "there";
  throw new Failure(
    own.lineage === old.lineage
      ? `The old state of ${stack} has serial ${old.serial}, the one in its own bucket ${own.serial} or other content: an earlier checkout has deployed after it was copied. Remove the one in the new bucket, then run this again.`
      : `The bucket of ${stack} has another state (its lineage differs): something was deployed there from nothing. Nothing was overwritten; find out what that was.`,
  );
}

/** Terraform's own form of a lock, which every earlier checkout respects and shows. */
const lockSchema = z.object({ Operation: z.string(), Who: z.string(), Created: z.string() });
const MOVED = "moved";

/** Locks the old state for good, so that no earlier checkout deploys by it. Its own lock is as good. */
async function lockOld({ stack, from, to }: Move): Promise<void> {
  const lock = {
    ID: randomUUID(),
    Operation: MOVED,
    Info: `the state lies in ${to.name}`,
    Version: "",
    Who: userInfo().username,
    Created: new Date().toISOString(),
    Path: `${from.name}/${stateKey(stack)}`,
  };
  const key = `${stateKey(stack)}.tflock`;
  const { status } = await createObject(from, key, JSON.stringify(lock));
  if (status === 200) return;
  const held = lockSchema.safeParse(parsedJson((await readObject(from, key)).text)).data;
  if (held?.Operation === MOVED) return;
  throw new Failure(
    held
      ? `The old state of ${stack} is locked by ${printable(held.Who)} since ${printable(held.Created)}: a deploy is running. Wait for its end, or unlock it as its own checkout says, then run this again.`
      : `The old state of ${stack} cannot be locked: ${from.name} answered ${status}.`,
  );
}

/**
 * Copies a stack's state into its own bucket, byte for byte, and reads it back. What is there is never replaced, and the old
 * object stays. Can be killed and run again at any moment.
 */
export async function moveState(move: Move): Promise<string> {
  const { stack, from, to } = move;
  const first = await look(move);
  if (decided(stack, first) === "nothing") return `${stack}: was never deployed`;
  if (typeof first.old !== "string") await lockOld(move);
  // Read again: what was running has ended before the lock was ours.
  const { old, own } = await look(move);
  if (decided(stack, { old, own }) === "copy" && typeof old !== "string") {
    const { status } = await createObject(to, stateKey(stack), old.text);
    const { own: copied } = await look(move);
    if (typeof copied === "string" || copied.text !== old.text)
      throw new Failure(
        `${to.name} does not hold what was copied of ${stack}: it answered ${status}. Run this again.`,
      );
    return `${stack}: copied from ${from.name} to ${to.name}: ${described(copied)}. The old one stays, locked`;
  }
  return `${stack}: ${to.name} has it: ${own === "none" ? "nothing" : described(own)}`;
}

const described = ({ serial, resources }: State): string => `serial ${serial}, ${resources.length} resources`;
