import { stackOf } from "../examples.ts";
import { resources, text } from "../resources.ts";
import type { Rule, Subject } from "../rule.ts";

const withKeys = (SSH_KEYS: string, more = {}): Subject =>
  stackOf(
    { resource: { hcloud_ssh_key: { operator: { public_key: "ssh-ed25519 A" } }, ...more } },
    { env: { SSH_KEYS } },
  );

export const rule: Rule = {
  id: "env-ssh-keys",
  reason:
    "A release writes who may log in: a key too many opens a machine, one too few locks its operators out.",
  remedy:
    "Let SSH_KEYS be the operators' keys and the deploy's own, and only with extras the developers' too.",
  check: (subjects) =>
    subjects.flatMap((subject) => {
      const { stack, env } = subject;
      const own = resources(subject, "hcloud_ssh_key").flatMap(({ body }) => text(body.public_key) ?? []);
      if (env?.SSH_KEYS === undefined) return [];
      const given = env.SSH_KEYS.split("|");
      const mayHaveMore = resources(subject, "cloudflare_workers_script").length > 0;
      const missing = own.filter((key) => !given.includes(key));
      const spare = mayHaveMore ? [] : given.filter((key) => !own.includes(key));
      return [...missing.map((key) => `lacks ${key}`), ...spare.map((key) => `has ${key}`)].map((found) => ({
        stack,
        path: "env.SSH_KEYS",
        found: `${found}; allowed are the keys of the stack's hcloud_ssh_key`,
      }));
    }),
  passing: [
    withKeys("ssh-ed25519 A"),
    withKeys("ssh-ed25519 A|ssh-ed25519 B", { cloudflare_workers_script: { clock: {} } }),
  ],
  failing: [withKeys("ssh-ed25519 A|ssh-ed25519 B"), withKeys("ssh-ed25519 B")],
};
