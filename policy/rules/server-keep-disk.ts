import { withResource } from "../examples.ts";
import { each, show, when } from "../resources.ts";
import type { Rule } from "../rule.ts";

export const rule: Rule = {
  id: "server-keep-disk",
  reason: "A larger type grows the disk for good, and a grown disk never goes back to a smaller type.",
  remedy: "Set keep_disk to true; the data is on the volume anyway.",
  check: each("hcloud_server", ({ keep_disk }) =>
    when(keep_disk !== true, "keep_disk", `keep_disk is ${show(keep_disk)}`),
  ),
  passing: [withResource("hcloud_server", { keep_disk: true })],
  failing: [withResource("hcloud_server", {})],
};
