import { existsSync, readFileSync } from "node:fs";
import { awsCredentialsFile } from "../../../lib/process-env.ts";
import type { BucketKeys } from "../../shared/bucket.ts";

/** The key of a profile in the file that Terraform reads too; undefined where it has none. */
export function keysOfProfile(profile: string): BucketKeys | undefined {
  const file = awsCredentialsFile();
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  const sections = text.split(/^\s*\[/m).slice(1);
  const own = sections.find((section) => section.split("]")[0]?.trim() === profile);
  const value = (name: string) => new RegExp(`^\\s*${name}\\s*=\\s*(\\S+)\\s*$`, "m").exec(own ?? "")?.[1];
  const [accessKeyId, secretAccessKey] = [value("aws_access_key_id"), value("aws_secret_access_key")];
  if (!accessKeyId || !secretAccessKey) return undefined;
  return { accessKeyId, secretAccessKey, sessionToken: value("aws_session_token") };
}
