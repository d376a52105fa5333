import { withResource } from "../examples.ts";
import { each, when } from "../resources.ts";
import type { Rule } from "../rule.ts";

/** Bytes; API reference, create a server. */
const LIMIT = 32 * 1024;

/** What Terraform makes of a text, but for what it computes. */
const unescaped = (text: string): string => text.replaceAll(/([$%])\1\{/g, "$1{");

export const rule: Rule = {
  id: "user-data-size",
  reason: "Hetzner refuses user_data above 32 KiB, after the old server is already deleted.",
  remedy: "Leave in user_data what the first boot needs; everything else travels in a release.",
  check: each("hcloud_server", ({ user_data }) => {
    const bytes = typeof user_data === "string" ? Buffer.byteLength(unescaped(user_data)) : 0;
    return when(bytes > LIMIT, "user_data", `${bytes} bytes, ${bytes - LIMIT} too many`);
  }),
  passing: [withResource("hcloud_server", { user_data: "#".repeat(LIMIT) })],
  failing: [withResource("hcloud_server", { user_data: "#".repeat(LIMIT + 1) })],
};
