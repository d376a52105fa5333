import { withResource } from "../examples.ts";
import { each, isWrong, matches, show, when } from "../resources.ts";
import type { Rule } from "../rule.ts";

export const rule: Rule = {
  id: "volume-format",
  reason: "Hetzner formats a volume as ext4 or xfs and refuses others only at apply.",
  remedy: "Write ext4 or xfs, or leave the format to the machine's first boot.",
  check: each("hcloud_volume", ({ format }) =>
    when(isWrong(format, matches(/^(ext4|xfs)$/)), "format", show(format)),
  ),
  passing: [withResource("hcloud_volume", { format: "ext4" })],
  failing: [withResource("hcloud_volume", { format: "zfs" })],
};
