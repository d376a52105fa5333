import { withResource } from "../examples.ts";
import { each, show, when } from "../resources.ts";
import type { Rule } from "../rule.ts";

const attachments = each("hcloud_volume_attachment", ({ automount }) =>
  when(automount !== false, "automount", `automount is ${show(automount)}`),
);
const volumes = each("hcloud_volume", ({ automount }) =>
  when(automount === true, "automount", "automount is true"),
);

export const rule: Rule = {
  id: "volume-automount",
  reason:
    "Hetzner's automount does not mount a volume on a recreated server: hibernation would end without data.",
  remedy: "Set automount to false; the machine mounts the volume itself.",
  check: (subjects) => [...attachments(subjects), ...volumes(subjects)],
  passing: [withResource("hcloud_volume_attachment", { automount: false })],
  failing: [
    withResource("hcloud_volume_attachment", {}),
    withResource("hcloud_volume_attachment", { automount: true }),
    withResource("hcloud_volume", { automount: true }),
  ],
};
