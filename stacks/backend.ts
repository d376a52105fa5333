import { LocalBackend, S3Backend, type TerraformStack } from "cdktf";
import { stateBucket, stateProfile } from "../config/load/names.ts";
import type { Base } from "../config/load/schema.ts";

/** Where a stack keeps its state. A relative path counts from the stack's own output folder. */
export function addBackend(
  stack: TerraformStack,
  state: Base["state"],
  name: string,
  directory = "../../../state",
): void {
  if (state.kind === "local") {
    new LocalBackend(stack, { path: `${directory}/${name}.tfstate` });
    return;
  }
  const { bucketPrefix, region, endpoint } = state;
  new S3Backend(stack, {
    bucket: stateBucket(bucketPrefix, name),
    key: `${name}.tfstate`,
    region,
    // Named, so that what a shell holds for another stack is not taken for this one's.
    profile: stateProfile(name),
    // Amazon's stores know the header that this sends; Hetzner's, Scaleway's and others refuse the write for it.
    ...(!endpoint && { encrypt: true }),
    ...(endpoint && {
      endpoints: { s3: endpoint },
      // Not all of them have a host name for each bucket, and a bucket with a dot would have no certificate.
      usePathStyle: true,
      // Stores that only speak S3 have no accounts, regions or metadata service to ask.
      skipCredentialsValidation: true,
      skipMetadataApiCheck: true,
      skipRegionValidation: true,
      skipRequestingAccountId: true,
      skipS3Checksum: true,
    }),
  });
  // The typed backend lacks it (hashicorp/terraform-cdk#3834).
  stack.addOverride("terraform.backend.s3.use_lockfile", true);
}
