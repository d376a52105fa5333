import { existsSync, readFileSync } from "node:fs";
import { stateBucket, stateProfile } from "../../config/load/names.ts";
import type { Base } from "../../config/load/schema.ts";
import { awsCredentialsFile } from "../../lib/process-env.ts";
import type { Bucket } from "./object-store.ts";

export type S3State = Extract<Base["state"], { kind: "s3" }>;
export type BucketKeys = Pick<Bucket, "accessKeyId" | "secretAccessKey">;

/** A bucket of the store that holds the states, with one key. */
export const bucketBeside = (state: S3State, name: string, keys: BucketKeys): Bucket => ({
  ...keys,
  endpoint: new URL(state.endpoint ?? `https://s3.${state.region}.amazonaws.com`).origin,
  region: state.region,
  name,
});

/** The bucket of a stack's state, by the profile that opens it; undefined where this computer has no such profile. */
export function bucketOfState(state: S3State, stack: string): Bucket | undefined {
  const keys = keysOfProfile(stateProfile(stack));
  return keys && bucketBeside(state, stateBucket(state.bucketPrefix, stack), keys);
}

/** The key of a profile in the file that Terraform reads, too. */
export function keysOfProfile(name: string): BucketKeys | undefined {
  const file = awsCredentialsFile();
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  const section = `\n${text}`.split(`\n[${name}]`)[1]?.split("\n[")[0] ?? "";
  const value = (key: string) => new RegExp(`^\\s*${key}\\s*=\\s*(\\S+)\\s*$`, "m").exec(section)?.[1];
  const [accessKeyId, secretAccessKey] = [value("aws_access_key_id"), value("aws_secret_access_key")];
  return accessKeyId && secretAccessKey ? { accessKeyId, secretAccessKey } : undefined;
}
