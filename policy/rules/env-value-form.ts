import { stackOf } from "../examples.ts";
import type { Rule, Subject } from "../rule.ts";
import { formProblem } from "../value-forms.ts";

const SHOWN = 80;
const quoted = (value: string): string =>
  JSON.stringify(value.length > SHOWN ? `${value.slice(0, SHOWN)}…` : value);

const withMode = (value: string): Subject =>
  stackOf(
    {},
    { envKeys: { ORIGIN_PULL_MODE: { pattern: "^require_and_verify$" } }, env: { ORIGIN_PULL_MODE: value } },
  );
const withRanges = (value: string): Subject =>
  stackOf(
    {},
    {
      envKeys: { CLOUDFLARE_RANGES: { form: "edge-ranges" } },
      env: { CLOUDFLARE_RANGES: value },
      edgeRanges: ["173.245.48.0/20", "2400:cb00::/32"],
    },
  );

export const rule: Rule = {
  id: "env-value-form",
  reason:
    "The machine takes every value as it stands: a wrong one opens a door or stops a program after the release.",
  remedy: "Correct the configuration that the value follows from, or host/environment-file.ts.",
  check: (subjects) =>
    subjects.flatMap((subject) =>
      Object.entries(subject.env ?? {}).flatMap(([key, value]) => {
        const { envKeys = {} } = subject;
        const form = Object.hasOwn(envKeys, key) ? envKeys[key] : undefined;
        const allowed = form && formProblem(form, value, subject);
        return allowed === undefined
          ? []
          : [{ stack: subject.stack, path: `env.${key}`, found: `${quoted(value)}; allowed is ${allowed}` }];
      }),
    ),
  passing: [withMode("require_and_verify"), withRanges("173.245.48.0/20 2400:cb00::/32")],
  failing: [withMode("request"), withRanges("0.0.0.0/0")],
};
