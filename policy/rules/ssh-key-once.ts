import { withResources } from "../examples.ts";
import { type Resource, repeated, resources, text } from "../resources.ts";
import type { Rule } from "../rule.ts";

/** A key without its comment. */
const material = ({ body }: Resource): string =>
  (text(body.public_key) ?? "").split(" ").slice(0, 2).join(" ");

export const rule: Rule = {
  id: "ssh-key-once",
  reason: "Hetzner keeps each public key once in a project and refuses the second.",
  remedy: "Name a key once, under its owner.",
  check: (subjects) =>
    subjects.flatMap((subject) => {
      const keys = resources(subject, "hcloud_ssh_key").filter(({ body }) => text(body.public_key));
      return repeated(keys, material).map(({ stack, path }) => ({
        stack,
        path: `${path}.public_key`,
        found: "the same key as another resource's",
      }));
    }),
  passing: [
    withResources("hcloud_ssh_key", {
      a: { public_key: "ssh-ed25519 AAA" },
      b: { public_key: "ssh-ed25519 BBB" },
    }),
  ],
  failing: [
    withResources("hcloud_ssh_key", {
      a: { public_key: "ssh-ed25519 AAA a" },
      b: { public_key: "ssh-ed25519 AAA b" },
    }),
  ],
};
