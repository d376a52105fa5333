import { withResource } from "../examples.ts";
import { each, isWrong, show, when } from "../resources.ts";
import type { Rule } from "../rule.ts";

/** Names of GET /locations in 2026. */
const LOCATIONS = ["fsn1", "nbg1", "hel1", "ash", "hil", "sin"];

export const rule: Rule = {
  id: "location-known",
  reason: "A location that Hetzner does not have is refused only at apply.",
  remedy: `Write one of ${LOCATIONS.join(", ")}.`,
  check: each("hcloud_*", ({ location }) =>
    when(
      isWrong(location, (name) => LOCATIONS.includes(String(name))),
      "location",
      `${show(location)} is not a location of Hetzner`,
    ),
  ),
  passing: [withResource("hcloud_server", { location: "fsn1" })],
  failing: [withResource("hcloud_server", { location: "fsn1-dc14" })],
};
