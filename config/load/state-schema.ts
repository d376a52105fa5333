import * as z from "zod";
import { field, HTTPS_URL, LABEL, textField } from "./fields.ts";

/** Where Terraform keeps the states: a folder, or a bucket for each stack. */
export const state = field(
  z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("local") }),
    z.strictObject({
      kind: z.literal("s3"),
      bucketPrefix: textField(
        "1 to 32 of a-z, 0-9 and -",
        "choose a prefix that is yours alone; each stack's name is appended. Create the buckets first: Terraform cannot keep its state in what it creates",
        LABEL,
      ),
      region: textField("a region name, or auto", "copy it from the provider of the bucket", /^[a-z0-9-]+$/),
      endpoint: textField("an https URL", "copy it from the provider of the bucket", HTTPS_URL).optional(),
    }),
  ]),
  '{ kind: "local" } or { kind: "s3", bucketPrefix, region, endpoint? }',
  "choose where Terraform keeps its state",
);
