import { createHash } from "node:crypto";
import { z } from "zod";
import { collection, newResource, recordsOf, requireUniqueName } from "./collection.ts";
import { invalid, notUnique } from "./errors.ts";
import type { SshKeyRecord } from "./records.ts";
import { body, labelsSchema, name, projectOf } from "./request.ts";

const creation = z.object({ name, public_key: z.string(), labels: labelsSchema.optional() });

/** MD5 over the key blob, in colon notation: the fingerprint that the API shows. */
function fingerprint(publicKey: string): string {
  const [type = "", blob = ""] = publicKey.trim().split(/\s+/);
  const bytes = Buffer.from(blob, "base64");
  // A key blob opens with the length-prefixed name of its own type.
  if (!bytes.subarray(4).toString("latin1").startsWith(type) || type === "") {
    throw invalid("public_key", "public_key is not an OpenSSH public key");
  }
  return createHash("md5")
    .update(bytes)
    .digest("hex")
    .replace(/..(?=.)/g, "$&:");
}

export const sshKeys = collection({
  kind: "ssh_keys",
  singular: "ssh_key",
  view: (key) => key,
  beforeDelete: () => undefined,
}).post("/", async (context) => {
  const project = projectOf(context);
  const given = await body(context, creation);
  requireUniqueName(project, "ssh_keys", given.name);
  const print = fingerprint(given.public_key);
  if (recordsOf(project, "ssh_keys").some((key) => key.fingerprint === print)) throw notUnique("public_key");
  const key: SshKeyRecord = {
    ...newResource(project, given),
    public_key: given.public_key,
    fingerprint: print,
  };
  project.state.ssh_keys.push(key);
  return context.json({ ssh_key: key }, 201);
});
