import { Failure } from "../../lib/failure.ts";
import { askStore, type Bucket } from "../shared/object-store.ts";
import type { FixPlan } from "./row.ts";

const VERSIONED =
  '<VersioningConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Status>Enabled</Status></VersioningConfiguration>';

/** Makes a bucket, private as every store makes them, and has it keep old versions. What is there already stays. */
export const bucketFix = (bucket: Bucket): FixPlan => ({
  lines: [`make the bucket ${bucket.name} at ${bucket.endpoint} unless it is there; it keeps old versions`],
  async apply() {
    const { status } = await askStore(bucket, {
      method: "GET",
      query: { "list-type": "2", "max-keys": "1" },
    });
    if (status === 404) await change(bucket, {}, location(bucket));
    await change(bucket, { versioning: "" }, VERSIONED);
  },
});

/** Amazon makes a bucket in the region that is asked unless another is named; other stores have one alone. */
const location = ({ endpoint, region }: Bucket): string =>
  /\.amazonaws\.com$/.test(new URL(endpoint).hostname) && region !== "us-east-1"
    ? `<CreateBucketConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><LocationConstraint>${region}</LocationConstraint></CreateBucketConfiguration>`
    : "";

async function change(bucket: Bucket, query: Readonly<Record<string, string>>, body: string): Promise<void> {
  const { status, text } = await askStore(bucket, { method: "PUT", query, body });
  if (status === 200 || status === 204) return;
  const [, code = ""] = /<Code>(\w+)<\/Code>/.exec(text) ?? [];
  throw new Failure(
    `${bucket.endpoint} answered ${status} ${code}: ${status === 403 ? "this key may not make or change buckets: do it in the store's console" : `${bucket.name} was not made or changed`}`,
  );
}
