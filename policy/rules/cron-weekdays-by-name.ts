import { withResource } from "../examples.ts";
import { each, list, object, show, text, when } from "../resources.ts";
import type { Rule, Subject } from "../rule.ts";

const at = (...crons: string[]): Subject =>
  withResource("cloudflare_workers_cron_trigger", { schedules: crons.map((cron) => ({ cron })) });

export const rule: Rule = {
  id: "cron-weekdays-by-name",
  reason:
    "Cloudflare counts the days of the week from 1 for Sunday, cron from 0: the same number is another day.",
  remedy: "Write the days by name: MON-FRI.",
  check: each("cloudflare_workers_cron_trigger", ({ schedules }) =>
    list(schedules).flatMap((schedule, i) => {
      const days = (text(object(schedule).cron) ?? "").trim().split(/\s+/)[4] ?? "*";
      return when(
        /\d/.test(days.replaceAll(/[/#]\d/g, "")),
        `schedules.${i}.cron`,
        `days of the week are ${show(days)}`,
      );
    }),
  ),
  passing: [at("0 18 * * MON-FRI"), at("0 18 * * *")],
  failing: [at("0 18 * * 1-5")],
};
