import { stackOf } from "../examples.ts";
import type { Rule } from "../rule.ts";

const CONTROL = /\p{Cc}|\u2028|\u2029/u;

export const rule: Rule = {
  id: "env-value-one-line",
  reason:
    "The file has a key on each line: a value of two lines sets another key, and the table never sees it.",
  remedy: "Write the value on one line, without control characters.",
  check: (subjects) =>
    subjects.flatMap(({ stack, env = {} }) =>
      Object.entries(env)
        .filter(([, value]) => CONTROL.test(value))
        .map(([key, value]) => ({
          stack,
          path: `env.${key}`,
          found: `${JSON.stringify(value)}; allowed is one line of printable characters`,
        })),
    ),
  passing: [stackOf({}, { env: { EMAIL_FROM_NAME: "Your App" } })],
  failing: [stackOf({}, { env: { EMAIL_FROM_NAME: "Your App\nDISPOSABLE=1" } })],
};
