import { withResource } from "../examples.ts";
import { everywhere, groupBy, list, show } from "../resources.ts";
import type { Rule, Subject } from "../rule.ts";

/** Cloudflare's documentation of Workers limits, read 2026-09. */
const LIMIT = 5;

const at = (...crons: string[]): Subject =>
  withResource("cloudflare_workers_cron_trigger", { schedules: crons.map((cron) => ({ cron })) });

export const rule: Rule = {
  id: "cron-count",
  reason: "An account of the free Workers plan has five cron triggers over all its Workers.",
  remedy: "Merge schedules: one trigger may name several hours and days.",
  check: (subjects) => {
    const triggers = everywhere(subjects, "cloudflare_workers_cron_trigger");
    return [...groupBy(triggers, ({ body }) => show(body.account_id)).entries()].flatMap(
      ([account, group]) => {
        const count = group.flatMap(({ body }) => list(body.schedules)).length;
        return group.slice(0, count > LIMIT ? 1 : 0).map(({ stack, path }) => ({
          stack,
          path: `${path}.schedules`,
          found: `${count} triggers in account ${account}`,
        }));
      },
    );
  },
  passing: [at("0 1 * * *", "0 2 * * *")],
  failing: [at("0 1 * * *", "0 2 * * *", "0 3 * * *", "0 4 * * *", "0 5 * * *", "0 6 * * *")],
};
