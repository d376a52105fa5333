import { withResource } from "../examples.ts";
import { each, list, object, show, text, when } from "../resources.ts";
import type { Rule, Subject } from "../rule.ts";

const at = (...crons: string[]): Subject =>
  withResource("cloudflare_workers_cron_trigger", { schedules: crons.map((cron) => ({ cron })) });

export const rule: Rule = {
  id: "cron-once",
  reason: "A Worker learns only which schedule fired: of two equal ones, one command never runs.",
  remedy: "Move one of the schedules by a minute at least.",
  check: each("cloudflare_workers_cron_trigger", ({ schedules }) => {
    const crons = list(schedules).map((schedule) => text(object(schedule).cron));
    return crons.flatMap((cron, i) =>
      when(crons.indexOf(cron) < i, `schedules.${i}.cron`, `${show(cron)} is declared twice`),
    );
  }),
  passing: [at("0 1 * * *", "0 2 * * *")],
  failing: [at("0 1 * * *", "0 1 * * *")],
};
