import { withResource } from "../examples.ts";
import { each, isExpression, show, when } from "../resources.ts";
import type { Rule } from "../rule.ts";

export const rule: Rule = {
  id: "user-data-header",
  reason: "By the first line cloud-init knows what user_data is; it ignores anything else without failing.",
  remedy: "Begin user_data with #cloud-config or with #! and an interpreter.",
  check: each("hcloud_server", ({ user_data }) => {
    const [first = ""] = typeof user_data === "string" ? user_data.split("\n") : [];
    const isKnown = isExpression(first) || /^(#cloud-config\s*$|#!\/)/.test(first);
    return when(user_data !== undefined && !isKnown, "user_data", `begins with ${show(first)}`);
  }),
  passing: [withResource("hcloud_server", { user_data: "#cloud-config\npackages: []\n" })],
  failing: [withResource("hcloud_server", { user_data: "# cloud-config\npackages: []\n" })],
};
