import { CronPattern } from "croner";
import { Hono } from "hono";
import { z } from "zod";
import { ok, readBody, refuse } from "./envelope.ts";
import { requireAccount, type Store, type Stored } from "./store.ts";
import { scriptOf } from "./workers.ts";

/** Cron triggers that an account of the free plan may hold, over all scripts (Workers docs, limits). */
const quota = 5;
const body = z.array(z.looseObject({ cron: z.string() }));
const view = z.object({ schedules: z.array(z.looseObject({ cron: z.string() })) });

/** Cron triggers of a Worker: one list, replaced whole. */
export function schedules(store: Store): Hono {
  const path = "/accounts/:account/workers/scripts/:name/schedules";
  return new Hono()
    .get(path, (c) => {
      scriptOf(store, c);
      const { account, name } = c.req.param();
      return ok(c, store.get("schedules", `${account}/${name}`) ?? { schedules: [] });
    })
    .put(path, async (c) => {
      scriptOf(store, c);
      const { account, name } = c.req.param();
      const key = `${account}/${name}`;
      const wanted = await readBody(c, body, 10021);
      for (const { cron } of wanted) {
        if (!isCron(cron)) throw refuse(400, 10100, `invalid cron string: ${cron}`);
      }
      if (elsewhere(store, account, key) + wanted.length > quota) {
        const message = `This account has reached the Workers Free limit of ${quota} cron triggers per account.`;
        throw refuse(400, 10072, message);
      }
      const result = { schedules: dated(store, wanted, store.get("schedules", key)) };
      store.put("schedules", key, result);
      return ok(c, result);
    })
    .get("/accounts/:account/workers/subdomain", (c) => {
      requireAccount(store, c.req.param("account"));
      return ok(c, { subdomain: "sandbox" });
    });
}

/** Five fields, to the minute, as Workers take them. */
function isCron(text: string): boolean {
  if (text.trim().split(/\s+/).length !== 5) return false;
  try {
    return new CronPattern(text) instanceof CronPattern;
  } catch {
    return false;
  }
}

/** Triggers that the account has on its other scripts. */
const elsewhere = (store: Store, account: string, key: string) =>
  store
    .entries("schedules")
    .filter(([other]) => other !== key && other.startsWith(`${account}/`))
    .reduce((sum, [, value]) => sum + view.parse(value).schedules.length, 0);

function dated(store: Store, wanted: z.infer<typeof body>, old: Stored | undefined) {
  const before = old ? view.parse(old).schedules : [];
  const now = store.now();
  return wanted.map(
    ({ cron }) => before.find((known) => known.cron === cron) ?? { cron, created_on: now, modified_on: now },
  );
}
