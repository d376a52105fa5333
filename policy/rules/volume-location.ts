import { withResource } from "../examples.ts";
import { each, show, when } from "../resources.ts";
import type { Rule } from "../rule.ts";

export const rule: Rule = {
  id: "volume-location",
  reason: "A volume that is placed by a server depends on that server; without both it is refused at apply.",
  remedy: "Set location on the volume, and attach it by hcloud_volume_attachment.",
  check: each("hcloud_volume", ({ location, server_id }) => [
    ...when(!location, "location", "no location"),
    ...when(server_id !== undefined, "server_id", `placed by the server ${show(server_id)}`),
  ]),
  passing: [withResource("hcloud_volume", { location: "fsn1" })],
  failing: [withResource("hcloud_volume", { server_id: 1 })],
};
