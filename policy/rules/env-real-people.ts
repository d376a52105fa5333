import { stackOf } from "../examples.ts";
import { resources } from "../resources.ts";
import type { Rule, Subject } from "../rule.ts";

/** What a machine that serves real people must be told. */
const REAL: Readonly<Record<string, string>> = { DISPOSABLE: "0", MAIL_SANDBOX: "0", SMS_BUDGET: "off" };

/** Only the clock's Worker puts a machine to sleep: where there is none, people are real. */
const hasClock = (subject: Subject): boolean => resources(subject, "cloudflare_workers_script").length > 0;

const clock = { resource: { cloudflare_workers_script: { clock: {} } } };

export const rule: Rule = {
  id: "env-real-people",
  reason:
    "A machine that takes itself for disposable lets its databases be dropped; parity is silent where all do.",
  remedy: "Let the values follow from extras in host/environment-file.ts, as the clock's Worker does.",
  check: (subjects) =>
    subjects.flatMap((subject) => {
      const { stack, env = {} } = subject;
      const wanted = hasClock(subject) ? { DISPOSABLE: "1" } : REAL;
      const why = hasClock(subject) ? "the stack has a clock's Worker" : "the stack has no clock's Worker";
      return Object.entries(wanted)
        .filter(([key, value]) => env[key] !== undefined && env[key] !== value)
        .map(([key, value]) => ({
          stack,
          path: `env.${key}`,
          found: `${JSON.stringify(env[key])}; allowed is ${value}, since ${why}`,
        }));
    }),
  passing: [
    stackOf({}, { env: { DISPOSABLE: "0", MAIL_SANDBOX: "0", SMS_BUDGET: "off" } }),
    stackOf(clock, { stack: "staging", env: { DISPOSABLE: "1", MAIL_SANDBOX: "1", SMS_BUDGET: "250" } }),
  ],
  failing: [
    stackOf({}, { env: { DISPOSABLE: "1" } }),
    stackOf({}, { env: { MAIL_SANDBOX: "1" } }),
    stackOf({}, { env: { SMS_BUDGET: "250" } }),
    stackOf(clock, { stack: "staging", env: { DISPOSABLE: "0" } }),
  ],
};
