import { leaves } from "../../parity/json.ts";
import { stackOf, withResource } from "../examples.ts";
import type { Rule } from "../rule.ts";
import { secretKind } from "../secrets.ts";

export const rule: Rule = {
  id: "no-secret",
  reason:
    "Terraform's JSON, its state and user_data are readable by many; a secret in them is no longer secret.",
  remedy: "Revoke it now, and keep the new one in the encrypted secrets file or in a variable of the stack.",
  check: (subjects) =>
    subjects.flatMap(({ stack, document, env = {} }) =>
      [...leaves(document), ...leaves({ env })].flatMap(({ path, value }) => {
        const kind = typeof value === "string" ? secretKind(value) : undefined;
        return kind ? [{ stack, path, found: `${kind} (not shown)` }] : [];
      }),
    ),
  passing: [
    withResource(
      "hcloud_server",
      { user_data: "#cloud-config" },
      { env: { DSN: "postgres://kratos:$PASSWORD@db/kratos" } },
    ),
  ],
  failing: [
    withResource("hcloud_server", { user_data: `-----BEGIN ${"PRIVATE"} KEY-----` }),
    stackOf({}, { env: { DSN: "postgres://kratos:hunter2@db/kratos" } }),
  ],
};
