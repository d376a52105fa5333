import { withResource } from "../examples.ts";
import { each, object, show, when } from "../resources.ts";
import type { Rule } from "../rule.ts";

export const rule: Rule = {
  id: "stateful-protected",
  reason:
    "Terraform lifts delete_protection by itself, and the API has no prevent_destroy: only both together keep the data.",
  remedy:
    "Set lifecycle.prevent_destroy and delete_protection to true; only a run allowed to destroy sets both to false.",
  check: (subjects) =>
    ["hcloud_volume", "hcloud_primary_ip"].flatMap((type) =>
      each(type, ({ lifecycle, delete_protection }, _, { destroyable = false }) => {
        const { prevent_destroy } = object(lifecycle);
        const due = !destroyable;
        return [
          ...when(
            prevent_destroy !== due,
            "lifecycle.prevent_destroy",
            `${show(prevent_destroy)}, not ${due}`,
          ),
          ...when(delete_protection !== due, "delete_protection", `${show(delete_protection)}, not ${due}`),
        ];
      })(subjects),
    ),
  passing: [
    withResource("hcloud_volume", { delete_protection: true, lifecycle: { prevent_destroy: true } }),
    withResource(
      "hcloud_volume",
      { delete_protection: false, lifecycle: { prevent_destroy: false } },
      { stack: "staging", destroyable: true },
    ),
  ],
  failing: [withResource("hcloud_volume", { delete_protection: true })],
};
