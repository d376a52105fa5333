import { withResource } from "../examples.ts";
import { each, isWrong, matches, show, when } from "../resources.ts";
import type { Rule } from "../rule.ts";

/** Labels of RFC 1123. */
const HOST_NAME = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/i;

export const rule: Rule = {
  id: "server-name",
  reason: "Hetzner uses the name as the machine's host name and refuses anything else, but only at apply.",
  remedy: "Write a host name: letters, digits and hyphens, beginning and ending with a letter or digit.",
  check: each("hcloud_server", ({ name }) =>
    when(isWrong(name, matches(HOST_NAME)), "name", `${show(name)} is not a valid host name`),
  ),
  passing: [withResource("hcloud_server", { name: "olympus-prod" })],
  failing: [withResource("hcloud_server", { name: "olympus prod" })],
};
