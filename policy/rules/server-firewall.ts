import { interpolation, withResource } from "../examples.ts";
import { each, list, when } from "../resources.ts";
import type { Rule } from "../rule.ts";

const bare = each("hcloud_server", ({ firewall_ids }) =>
  when(list(firewall_ids).length === 0, "firewall_ids", "the server boots without a firewall"),
);
const late = each("hcloud_firewall_attachment", () =>
  when(true, "", "an attachment that comes after the boot"),
);
const applied = each("hcloud_firewall", ({ apply_to }) =>
  when(list(apply_to).length > 0, "apply_to", "an attachment that comes after the boot"),
);

export const rule: Rule = {
  id: "server-firewall",
  reason: "A firewall that is attached afterwards leaves a new machine open to the world while it boots.",
  remedy:
    "Name the firewall in firewall_ids of the server, and drop hcloud_firewall_attachment and apply_to.",
  check: (subjects) => [...bare(subjects), ...late(subjects), ...applied(subjects)],
  passing: [withResource("hcloud_server", { firewall_ids: [interpolation("hcloud_firewall.firewall.id")] })],
  failing: [withResource("hcloud_server", {}), withResource("hcloud_firewall_attachment", {})],
};
