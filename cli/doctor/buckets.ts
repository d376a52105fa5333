import type { Base } from "../../config/load/schema.ts";
import { askStore, type Bucket } from "../shared/object-store.ts";
import { type CheckOutcome, inOrder, toDo, unsure } from "./row.ts";

/** The bucket of an environment's backups, with the machine's own key. */
export const bucketOfBackups = (
  { endpoint, region, bucketPrefix }: Base["backup"],
  environment: string,
  values: Readonly<Record<string, unknown>>,
): Bucket => ({
  endpoint,
  region,
  name: `${bucketPrefix}-${environment}`,
  accessKeyId: String(values.BACKUP_ACCESS_KEY_ID),
  secretAccessKey: String(values.BACKUP_SECRET_ACCESS_KEY),
});

/** Whether a bucket is there, opens with its key and keeps old versions. Changes nothing. */
export async function checkBucket(bucket: Bucket): Promise<CheckOutcome> {
  const { status } = await askStore(bucket, { method: "GET", query: { "list-type": "2", "max-keys": "1" } });
  if (status === 404) return toDo(`the bucket ${bucket.name} does not exist at ${bucket.endpoint}`);
  if (status === 401 || status === 403) return toDo(`the key does not open ${bucket.name} (${status})`);
  if (status !== 200) return unsure(`${bucket.endpoint} answered ${status}`);
  const { status: answered, text } = await askStore(bucket, { method: "GET", query: { versioning: "" } });
  if (answered === 200)
    return /<Status>Enabled<\/Status>/.test(text)
      ? inOrder(`${bucket.name} keeps old versions`)
      : toDo(
          `${bucket.name} keeps no old versions`,
          `switch versioning on for ${bucket.name} in the store's console`,
        );
  return unsure(
    `this key may not ask whether ${bucket.name} keeps old versions (${answered})`,
    "give it the right to read that (Amazon S3: s3:GetBucketVersioning), or see the store's console",
  );
}

/** Deletes a version of what cannot exist: a key that may delete versions hears that there is none, another is refused. */
export async function checkVersionsKept(bucket: Bucket): Promise<CheckOutcome> {
  const query = { versionId: "null" };
  const { status } = await askStore(bucket, {
    method: "DELETE",
    key: "olympus-doctor/no-such-object",
    query,
  });
  if (status === 403) return inOrder("the machine's key deletes no version");
  if (status === 204 || status === 404)
    return toDo("the machine's key may delete versions, and with them every backup");
  return unsure(`the store answered ${status}`);
}

const PROBE = "olympus-doctor";

/**
 * Whether of two writers the second is refused, which Terraform's lock rests on. Leaves an object of no content beside the
 * state, which makes every later question one that writes nothing.
 */
export async function checkLocking(bucket: Bucket, stack: string): Promise<CheckOutcome> {
  const held = await askStore(bucket, { method: "GET", key: `${stack}.tfstate.tflock` });
  if (held.status === 200) {
    const [, who = "somebody"] = /"Who":"([^"]*)"/.exec(held.text) ?? [];
    const [, since = ""] = /"Created":"([^"]*)"/.exec(held.text) ?? [];
    return toDo(
      `${stack} is locked by ${who} since ${since}: a deploy runs, or one was killed`,
      `if none runs: terraform force-unlock in cdktf.out/stacks/${stack}`,
    );
  }
  const write = () =>
    askStore(bucket, { method: "PUT", key: PROBE, headers: { "if-none-match": "*" }, body: "" });
  const first = await write();
  if (first.status === 412) return inOrder("the second of two writers is refused");
  if (first.status === 401 || first.status === 403) return unsure("this key may only read the bucket");
  if (first.status === 501 || first.status === 400)
    return toDo(`the store does not know If-None-Match (${first.status}): two deploys could write at once`);
  if (first.status !== 200) return unsure(`the store answered ${first.status}`);
  const { status } = await write();
  return status === 412 || status === 409
    ? inOrder("the second of two writers is refused")
    : toDo(`the store takes both of two writers (${status}): two deploys could write at once`);
}
