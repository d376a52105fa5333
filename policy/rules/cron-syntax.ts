import { CronPattern } from "croner";
import { withResource } from "../examples.ts";
import { each, isWrong, list, object, show, when } from "../resources.ts";
import type { Rule, Subject } from "../rule.ts";

function isCron(line: string): boolean {
  if (line.trim().split(/\s+/).length !== 5) return false;
  try {
    return new CronPattern(line) instanceof CronPattern;
  } catch {
    return false;
  }
}

const at = (...crons: string[]): Subject =>
  withResource("cloudflare_workers_cron_trigger", { schedules: crons.map((cron) => ({ cron })) });

export const rule: Rule = {
  id: "cron-syntax",
  reason: "The provider accepts any string as a schedule; Cloudflare refuses a wrong one only at apply.",
  remedy: "Write five fields: minute, hour, day of month, month, day of week.",
  check: each("cloudflare_workers_cron_trigger", ({ schedules }) =>
    list(schedules).flatMap((schedule, i) => {
      const { cron } = object(schedule);
      return when(
        isWrong(cron, (line) => isCron(String(line))),
        `schedules.${i}.cron`,
        `${show(cron)} is not a valid schedule`,
      );
    }),
  ),
  passing: [at("0 18,19 * * MON-FRI")],
  failing: [at("0 18 * *"), at("61 18 * * *"), at("@daily")],
};
