import { withResource } from "../examples.ts";
import { each, list, object, when } from "../resources.ts";
import type { Rule } from "../rule.ts";

const user_data = "#cloud-config\ndevice: $" + "{hcloud_volume.data.id}\n";
const lifecycle = { ignore_changes: ["user_data"], replace_triggered_by: ["hcloud_volume.data.id"] };

export const rule: Rule = {
  id: "server-user-data",
  reason:
    "A changed byte of user_data would replace the server, an outage for a line of sshd; one that knows another volume mounts nothing.",
  remedy:
    "Name user_data in lifecycle.ignore_changes and each volume it names in replace_triggered_by: a release brings the rest.",
  check: each("hcloud_server", ({ user_data, lifecycle }) => {
    const { ignore_changes, replace_triggered_by } = object(lifecycle);
    const volumes =
      typeof user_data === "string" ? user_data.matchAll(/\$\{(hcloud_volume\.[\w-]+\.id)\}/g) : [];
    return [
      ...when(
        user_data !== undefined && !list(ignore_changes).includes("user_data"),
        "lifecycle.ignore_changes",
        "changed user_data would replace the server",
      ),
      ...[...volumes].flatMap(([, volume = ""]) =>
        when(
          !list(replace_triggered_by).includes(volume),
          "lifecycle.replace_triggered_by",
          `lacks ${volume}`,
        ),
      ),
    ];
  }),
  passing: [withResource("hcloud_server", { user_data, lifecycle })],
  failing: [
    withResource("hcloud_server", { user_data, lifecycle: { ...lifecycle, ignore_changes: ["ssh_keys"] } }),
    withResource("hcloud_server", { user_data, lifecycle: { ...lifecycle, replace_triggered_by: [] } }),
  ],
};
