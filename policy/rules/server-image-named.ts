import { interpolation, withResource } from "../examples.ts";
import { each, isExpression, isWrong, matches, show, when } from "../resources.ts";
import type { Rule } from "../rule.ts";

export const rule: Rule = {
  id: "server-image-named",
  reason: "A new image replaces the server, so nothing but a decision of ours may change which one it is.",
  remedy:
    "Write the name of an official image, such as debian-13; no id of a snapshot and no most recent one.",
  check: each("hcloud_server", ({ image }) =>
    when(
      isExpression(image) || isWrong(image, matches(/^[a-z]+-[a-z0-9.]+$/)),
      "image",
      `${show(image)} is no name of an official image`,
    ),
  ),
  passing: [withResource("hcloud_server", { image: "debian-13" })],
  failing: [withResource("hcloud_server", { image: interpolation("data.hcloud_image.debian.id") })],
};
