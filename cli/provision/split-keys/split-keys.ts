import { resolve } from "node:path";
import { type Fleet, loadFleet } from "../../../config/index.ts";
import { stateBucket, stateProfile } from "../../../config/load/names.ts";
import { Failure } from "../../../lib/failure.ts";
import { callerDirectory, isTerminal } from "../../../lib/process-env.ts";
import { stderrProgress as progress, step } from "../../../lib/progress.ts";
import { refuseUnsavedState } from "../../../lib/unsaved-state.ts";
import { plan } from "../../delivery/plan.ts";
import { confirm } from "../../shared/prompt.ts";
import { stackNames } from "../../shared/stack-names.ts";
import { type BucketKeys, bucketBeside, keysOfProfile } from "../../shared/state-buckets.ts";
import { synthesize } from "../../shared/terraform.ts";
import { folderOf, initElsewhere } from "../../shared/terraform-process.ts";
import { tokenVariables } from "../../shared/tokens.ts";
import { decided, look, type Move, moveState } from "./move-state.ts";
import { type Trial, tryOnBucket, tryOnMachine } from "./tried-keys.ts";

export interface SplitKeysOptions {
  /** The bucket that held every stack's state, and the profile of its key. */
  readonly bucket?: string;
  readonly profile: string;
  /** Private half of the deploys' shared key. */
  readonly identity?: string;
  readonly dryRun?: boolean;
  /** Copy without asking. */
  readonly yes?: boolean;
}

/**
 * Takes an installed fleet over to a state and a deploy's key for each environment: copies the states, plans, then tries every old key.
 * Exit code: 0 the old keys open nothing, 2 something is left to do, 1 it failed.
 */
export async function splitKeys(options: SplitKeysOptions): Promise<void> {
  if (!options.bucket && !options.identity)
    throw new Failure(
      "Nothing to do: name the old bucket (--bucket), the deploys' old key (--identity), or both.",
    );
  const fleet = loadFleet();
  const moves = options.bucket ? movesFrom(options.bucket, options.profile, fleet) : [];
  if (moves.length && !(await statesAreMoved(moves, options, fleet))) return;
  const trials = [
    ...(moves.length ? await triedOnBuckets(moves, options.profile) : []),
    ...(options.identity ? await triedOnMachines(options.identity, fleet) : []),
  ];
  for (const { key, on, came, detail } of trials)
    console.log(
      `${came === "opens nothing" ? " " : "!"} ${key}: ${came} (${[on, detail].filter(Boolean).join(": ")})`,
    );
  const left = trials.filter(({ came }) => came !== "opens nothing");
  console.log(
    left.length
      ? "Not at its end: docs/runbooks/split-keys.md says where each key is revoked. Then run this again."
      : `${trials.length} tries: the old keys open nothing, and no key opens another stack's state.`,
  );
  if (left.length) process.exitCode ??= 2;
}

interface KeyedMove extends Move {
  readonly keys: BucketKeys;
}

function movesFrom(bucket: string, profile: string, fleet: Fleet): KeyedMove[] {
  const { state } = fleet.base;
  if (state.kind !== "s3")
    throw new Failure(
      'The state in config/base.ts is local. Allowed here is { kind: "s3", bucketPrefix, region, endpoint? }: docs/runbooks/provision.md.',
    );
  const stacks = stackNames(fleet);
  const missing = [profile, ...stacks.map(stateProfile)].filter((name) => !keysOfProfile(name));
  // The old key may be gone from the file once it is revoked; it could then not be tried.
  if (missing.length)
    throw new Failure(
      `No such profile in the credentials file: ${missing.join(", ")}. Each has aws_access_key_id and aws_secret_access_key; keep the old key's until this has tried it.`,
    );
  const keysOf = (name: string): BucketKeys => keysOfProfile(name) as BucketKeys;
  return stacks.map((stack) => ({
    stack,
    keys: keysOf(stateProfile(stack)),
    from: bucketBeside(state, bucket, keysOf(profile)),
    to: bucketBeside(state, stateBucket(state.bucketPrefix, stack), keysOf(stateProfile(stack))),
  }));
}

/** Copies what is to be copied and plans every stack. Whether that was done. */
async function statesAreMoved(
  moves: readonly Move[],
  { dryRun, yes }: SplitKeysOptions,
  fleet: Fleet,
): Promise<boolean> {
  const variables = tokenVariables(stackNames(fleet), fleet);
  for (const { stack } of moves) refuseUnsavedState(folderOf({ stack, variables }));
  const steps: string[] = [];
  for (const move of moves) {
    const step = decided(move.stack, await look(move));
    console.log(
      {
        copy: `${move.stack}: copy from ${move.from.name} to ${move.to.name}, and lock the old one for good`,
        there: `${move.stack}: ${move.to.name} has it`,
        nothing: `${move.stack}: was never deployed`,
      }[step],
    );
    steps.push(step);
  }
  if (dryRun) return false;
  if (steps.includes("copy") && !yes) {
    if (!isTerminal()) throw new Failure("Nothing was copied: --yes copies without asking.");
    if (!(await confirm("Copy these states? Earlier checkouts cannot deploy after that.", true)))
      throw new Failure("Nothing was copied.");
  }
  for (const move of moves)
    console.log(await step(progress, `take over the state of ${move.stack}`, () => moveState(move)));
  await synthesize();
  // The folder may remember the old bucket. Nothing is left behind there: what it holds was read back above.
  for (const { stack } of moves) await initElsewhere({ stack, variables });
  await plan([], { lock: true });
  return true;
}

/** The old key on every bucket, and each stack's key on the buckets of the others. */
async function triedOnBuckets(moves: readonly KeyedMove[], profile: string): Promise<Trial[]> {
  const { state } = loadFleet().base;
  if (state.kind !== "s3" || !moves[0]) return [];
  const old = keysOfProfile(profile) as BucketKeys;
  const holders = [
    { key: profile, keys: old, own: "" },
    ...moves.map(({ stack, keys, to }) => ({ key: stateProfile(stack), keys, own: to.name })),
  ];
  const buckets = [
    ...moves.map(({ stack, to }) => ({ stack, name: to.name })),
    { stack: moves[0].stack, name: moves[0].from.name },
  ];
  const pairs = holders.flatMap((holder) =>
    buckets.filter(({ name }) => name !== holder.own).map((bucket) => ({ ...holder, ...bucket })),
  );
  return await step(progress, `try ${holders.length} keys on the buckets that are not theirs`, async () => {
    const trials: Trial[] = [];
    for (const { key, keys, name, stack } of pairs)
      trials.push(await tryOnBucket(key, bucketBeside(state, name, keys), stack));
    return trials;
  });
}

async function triedOnMachines(identity: string, fleet: Fleet): Promise<Trial[]> {
  const file = resolve(callerDirectory(), identity);
  const trials: Trial[] = [];
  for (const { name } of [fleet.reference, ...fleet.mirrors])
    trials.push(await step(progress, `try the deploys' old key on ${name}`, () => tryOnMachine(name, file)));
  return trials;
}
