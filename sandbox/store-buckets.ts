import { createHash } from "node:crypto";
import { execa } from "execa";
import { Failure } from "../lib/failure.ts";
import type { ObjectStore, StoreKeys } from "./object-store.ts";

/** Whoever runs a store, as its own requests are signed. */
export type StoreAdministrator = Pick<ObjectStore, "endpoint" | "accessKeyId" | "secretAccessKey"> & {
  readonly region: string;
};

interface BucketSettings {
  /** Whether it keeps old versions. */
  readonly isVersioned: boolean;
  /** The one key that opens it, and what for: S3's own words. */
  readonly key: StoreKeys;
  readonly rights: readonly string[];
}

/** What a machine's key of its backups may: docs/runbooks/backup.md. */
export const BACKUP_RIGHTS = [
  ...["ListBucket", "GetBucketLocation", "GetBucketVersioning"],
  ...["GetObject", "PutObject", "DeleteObject"],
];

/** Sets what a bucket keeps and who may do what with it. */
export async function setBucket(
  store: StoreAdministrator,
  name: string,
  { isVersioned, key, rights }: BucketSettings,
): Promise<void> {
  const versioning = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>";
  if (isVersioned) await administer(store, "PUT", `${name}?versioning=`, versioning);
  const statement = {
    Effect: "Allow",
    Principal: { AWS: [key.accessKeyId] },
    Action: rights.map((right) => `s3:${right}`),
    Resource: [`arn:aws:s3:::${name}`, `arn:aws:s3:::${name}/*`],
  };
  const policy = { Version: "2012-10-17", Statement: [statement] };
  await administer(store, "PUT", `${name}?policy=`, JSON.stringify(policy));
}

/** Asks a store as its administrator; the answer's text. Throws a {@link Failure} where it refuses. */
export async function administer(
  { endpoint, region, accessKeyId, secretAccessKey }: StoreAdministrator,
  method: "GET" | "PUT",
  path: string,
  body = "",
): Promise<string> {
  const sum = createHash("sha256").update(body).digest("hex");
  const config = [
    `user = "${accessKeyId}:${secretAccessKey}"`,
    `aws-sigv4 = "aws:amz:${region}:s3"`,
    `header = "x-amz-content-sha256: ${sum}"`,
    ...(body ? [`data-binary = ${JSON.stringify(body)}`] : []),
  ].join("\n");
  const args = ["-q", "-sSf", "--config", "-", "-X", method, `${endpoint}/${path}`];
  const { stdout, stderr, exitCode } = await execa("curl", args, { input: config, reject: false });
  if (exitCode !== 0) throw new Failure(`the S3 server does not take ${method} ${path}: ${stderr}`);
  return stdout;
}
