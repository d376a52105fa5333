import { stackOf } from "../examples.ts";
import type { Rule } from "../rule.ts";

const envKeys = { DISPOSABLE: { pattern: "^[01]$" } };

export const rule: Rule = {
  id: "env-key-missing",
  reason:
    "A machine does not start a release that leaves a value out, and Caddy takes an absent one for an empty one.",
  remedy: "Give the key a value in host/environment-file.ts, or take it out of host/release/env.keys.yaml.",
  check: (subjects) =>
    subjects.flatMap(({ stack, env, envKeys = {} }) =>
      Object.keys(env ? envKeys : {})
        .filter((key) => env?.[key] === undefined)
        .map((key) => ({ stack, path: `env.${key}`, found: "missing; every key of the table is required" })),
    ),
  passing: [stackOf({}, { envKeys, env: { DISPOSABLE: "0" } })],
  failing: [stackOf({}, { envKeys, env: {} })],
};
