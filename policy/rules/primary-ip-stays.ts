import { withResource } from "../examples.ts";
import { each, show, when } from "../resources.ts";
import type { Rule } from "../rule.ts";

export const rule: Rule = {
  id: "primary-ip-stays",
  reason:
    "With auto_delete the address is deleted with the server, and DNS and allow-lists point to a foreign machine.",
  remedy:
    "Set auto_delete to false, and link the address from the server's public_net instead of by assignee_id.",
  check: each("hcloud_primary_ip", ({ auto_delete, assignee_id }) => [
    ...when(auto_delete !== false, "auto_delete", `auto_delete is ${show(auto_delete)}`),
    ...when(assignee_id !== undefined, "assignee_id", "bound to one server"),
  ]),
  passing: [withResource("hcloud_primary_ip", { auto_delete: false })],
  failing: [withResource("hcloud_primary_ip", { auto_delete: true }), withResource("hcloud_primary_ip", {})],
};
