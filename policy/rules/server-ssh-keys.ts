import { withResource } from "../examples.ts";
import { each, list, object, when } from "../resources.ts";
import type { Rule } from "../rule.ts";

export const rule: Rule = {
  id: "server-ssh-keys",
  reason:
    "Without a key Hetzner mails a root password, the only way to log in; a changed key replaces the server.",
  remedy:
    "Name at least one key in ssh_keys, and ssh_keys in lifecycle.ignore_changes: a release installs later keys.",
  check: each("hcloud_server", ({ ssh_keys, lifecycle }) => [
    ...when(list(ssh_keys).length === 0, "ssh_keys", "no key"),
    ...when(
      !list(object(lifecycle).ignore_changes).includes("ssh_keys"),
      "lifecycle.ignore_changes",
      "a changed key would replace the server",
    ),
  ]),
  passing: [
    withResource("hcloud_server", { ssh_keys: ["ops"], lifecycle: { ignore_changes: ["ssh_keys"] } }),
  ],
  failing: [
    withResource("hcloud_server", { ssh_keys: ["ops"] }),
    withResource("hcloud_server", { lifecycle: { ignore_changes: ["ssh_keys"] } }),
  ],
};
