import { withResource } from "../examples.ts";
import { each, isWrong, show, when } from "../resources.ts";
import type { Rule } from "../rule.ts";

export const rule: Rule = {
  id: "volume-size",
  reason: "Hetzner has volumes from 10 GB to 10240 GB and refuses others only at apply.",
  remedy: "Choose a whole number of GB within these bounds.",
  check: each("hcloud_volume", ({ size }) =>
    when(
      isWrong(size, (gb) => Number.isInteger(gb) && Number(gb) >= 10 && Number(gb) <= 10_240),
      "size",
      `${show(size)} GB`,
    ),
  ),
  passing: [withResource("hcloud_volume", { size: 10 })],
  failing: [withResource("hcloud_volume", { size: 5 })],
};
