import { stackOf } from "../examples.ts";
import type { Rule } from "../rule.ts";

const envKeys = { DISPOSABLE: { pattern: "^[01]$" } };

export const rule: Rule = {
  id: "env-key-unknown",
  reason: "What the table does not know has neither a form nor a reader, and nothing says what it may be.",
  remedy: "Add the key with its form and its consumers to host/release/env.keys.yaml, or remove it.",
  check: (subjects) =>
    subjects.flatMap(({ stack, env = {}, envKeys = {} }) =>
      Object.keys(env)
        .filter((key) => !Object.hasOwn(envKeys, key))
        .map((key) => ({
          stack,
          path: `env.${key}`,
          found: "unknown; allowed are the keys of host/release/env.keys.yaml",
        })),
    ),
  passing: [stackOf({}, { envKeys, env: { DISPOSABLE: "0" } })],
  failing: [stackOf({}, { envKeys, env: { DEBUG: "1" } }), stackOf({}, { env: { DISPOSABLE: "1" } })],
};
