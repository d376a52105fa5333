import { withResource } from "../examples.ts";
import { each, when } from "../resources.ts";
import type { Rule } from "../rule.ts";

export const rule: Rule = {
  id: "no-provisioner",
  reason:
    "A provisioner runs commands where Terraform is applied, with its tokens, and no plan shows what they do.",
  remedy: "Bring what the machine needs by a release; what a cloud needs by a resource.",
  check: each("*", ({ provisioner, connection }) => [
    ...when(provisioner !== undefined, "provisioner", "a provisioner"),
    ...when(connection !== undefined, "connection", "a connection"),
  ]),
  passing: [withResource("hcloud_server", { name: "a" })],
  failing: [withResource("hcloud_server", { provisioner: [{ "local-exec": { command: "id" } }] })],
};
