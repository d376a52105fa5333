import { interpolation, withResource } from "../examples.ts";
import { each, isExpression, isWrong, matches, show, when } from "../resources.ts";
import type { Rule } from "../rule.ts";

export const rule: Rule = {
  id: "server-image-named",
  reason: "A new image replaces the server, so it may change by our decision only.",
  remedy:
    "Write the name of an official image, such as debian-13; not the id of a snapshot, and not the most recent one.",
  check: each("hcloud_server", ({ image }) =>
    when(
      isExpression(image) || isWrong(image, matches(/^[a-z]+-[a-z0-9.]+$/)),
      "image",
      `${show(image)} is not the name of an official image`,
    ),
  ),
  passing: [withResource("hcloud_server", { image: "debian-13" })],
  failing: [withResource("hcloud_server", { image: interpolation("data.hcloud_image.debian.id") })],
};
