import { withResource } from "../examples.ts";
import { each, isWrong, show, when } from "../resources.ts";
import type { Rule } from "../rule.ts";

/** Types on Hetzner's plan pages in 2026; cx22, cpx41 and their likes are withdrawn. */
const SOLD = [
  ...["cax11", "cax21", "cax31", "cax41"],
  ...["cx23", "cx33", "cx43", "cx53"],
  ...["cpx12", "cpx22", "cpx32", "cpx42", "cpx52", "cpx62"],
  ...["ccx13", "ccx23", "ccx33", "ccx43", "ccx53", "ccx63"],
];

export const rule: Rule = {
  id: "server-type-known",
  reason:
    "A type that Hetzner no longer sells is refused only when the server is ordered, perhaps after the old one is deleted.",
  remedy: "Choose a type that is sold today, or add a new one to this rule's list.",
  check: each("hcloud_server", ({ server_type }) =>
    when(
      isWrong(server_type, (type) => SOLD.includes(String(type))),
      "server_type",
      `${show(server_type)} is not sold`,
    ),
  ),
  passing: [withResource("hcloud_server", { server_type: "cax21" })],
  failing: [withResource("hcloud_server", { server_type: "cx22" })],
};
