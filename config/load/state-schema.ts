import * as z from "zod";
import { field, HTTPS_URL, textField } from "./fields.ts";

/** Where Terraform keeps the states. */
export const state = field(
  z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("local") }),
    z.strictObject({
      kind: z.literal("s3"),
      bucket: textField(
        "a bucket name",
        "create the bucket first; Terraform cannot keep its state in what it creates",
        /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
      ),
      region: textField("a region name, or auto", "copy it from the provider of the bucket", /^[a-z0-9-]+$/),
      endpoint: textField("an https URL", "copy it from the provider of the bucket", HTTPS_URL).optional(),
    }),
  ]),
  '{ kind: "local" } or { kind: "s3", bucket, region, endpoint? }',
  "choose where Terraform keeps its state",
);
