import { stackOf } from "../examples.ts";
import type { Rule, Subject } from "../rule.ts";

const withCaptcha = (enabled: string, key: string): Subject =>
  stackOf({}, { env: { CIAM_CAPTCHA_ENABLED: enabled, CIAM_CAPTCHA_SITE_KEY: key } });

export const rule: Rule = {
  id: "env-captcha-key",
  reason: "Hera fails closed: with a captcha that is on and has no key no login succeeds.",
  remedy: "Give the widget's site key, or leave the captcha off.",
  check: (subjects) =>
    subjects.flatMap(({ stack, env = {} }) =>
      ["CIAM", "IAM"]
        .filter(
          (side) => env[`${side}_CAPTCHA_ENABLED`] === "true" && env[`${side}_CAPTCHA_SITE_KEY`] === "off",
        )
        .map((side) => ({
          stack,
          path: `env.${side}_CAPTCHA_SITE_KEY`,
          found: `off, and ${side}_CAPTCHA_ENABLED is true; allowed is a site key`,
        })),
    ),
  passing: [withCaptcha("false", "off"), withCaptcha("true", "1x00000000000000000000AA")],
  failing: [withCaptcha("true", "off")],
};
