import { stackOf } from "../examples.ts";
import { object, show } from "../resources.ts";
import type { Rule } from "../rule.ts";

export const rule: Rule = {
  id: "provider-pinned",
  reason:
    "A range is another version tomorrow: the mirror would be planned by another provider than the reference.",
  remedy: "Pin every provider to one exact version, such as 1.68.0.",
  check: (subjects) =>
    subjects.flatMap(({ stack, document }) => {
      const required = object(object(object(document).terraform).required_providers);
      const names = [
        ...new Set([...Object.keys(object(object(document).provider)), ...Object.keys(required)]),
      ];
      return names.flatMap((name) => {
        const { version } = object(required[name]);
        const isExact = /^=?\s*\d+\.\d+\.\d+$/.test(String(version));
        const path = `terraform.required_providers.${name}.version`;
        return isExact ? [] : [{ stack, path, found: `${show(version)} is not one version` }];
      });
    }),
  passing: [stackOf({ terraform: { required_providers: { hcloud: { version: "1.68.0" } } } })],
  failing: [
    stackOf({ terraform: { required_providers: { hcloud: { version: "~> 1.68" } } } }),
    stackOf({ provider: { hcloud: [{}] } }),
  ],
};
