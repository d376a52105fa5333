import type { Json } from "../../parity/json.ts";
import { withResource } from "../examples.ts";
import { each, isWrong, show, when } from "../resources.ts";
import type { Rule } from "../rule.ts";

const KEY =
  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA ops@example.com";

/** The base64 part of a key begins with the length and the name of its own type (RFC 4253). */
function isPublicKey(key: Json): boolean {
  const [, type = "", base64 = ""] = /^(\S+) ([A-Za-z0-9+/]+={0,2})( .*)?$/.exec(String(key)) ?? [];
  const blob = Buffer.from(base64, "base64");
  return blob.length > 36 && blob.subarray(4, 4 + blob.readUInt32BE(0)).toString() === type;
}

export const rule: Rule = {
  id: "ssh-key-format",
  reason: "Hetzner refuses a string that is not a public key, but only at apply.",
  remedy: "Paste the one line of the .pub file: type, base64, comment.",
  check: each("hcloud_ssh_key", ({ public_key }) =>
    when(isWrong(public_key, isPublicKey), "public_key", `${show(public_key)} is not a public key`),
  ),
  passing: [withResource("hcloud_ssh_key", { public_key: KEY })],
  failing: [
    withResource("hcloud_ssh_key", { public_key: "my key" }),
    withResource("hcloud_ssh_key", { public_key: KEY.replace("ssh-ed25519", "ssh-rsa") }),
  ],
};
