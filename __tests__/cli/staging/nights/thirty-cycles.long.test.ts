import { Cron } from "croner";
import { afterAll, beforeAll, expect, test } from "vitest";
import { hibernateServer } from "../../../../cli/staging/night/hibernate.ts";
import { resumeServer } from "../../../../cli/staging/night/resume.ts";
import { priceBook } from "../../../../config/prices.ts";
import { type CloudFixture, cloudFixture } from "./cloud-fixture.ts";
import { serversBilled } from "./server-billing.ts";

let t: CloudFixture;
beforeAll(async () => {
  t = await cloudFixture();
});
afterAll(() => t.close());

const CYCLES = 30;
/** What befalls them, by the number of the night. */
const SHORT_MORNINGS = [4, 19];
const WEEK = { from: 8, to: 12 };
const RISE = { on: 15, factor: 1.4 };

/** A runner comes some minutes after the clock; not as many in the evening, or each life would end on the edge of an hour. */
const late = (at: Date, minutes: number): Date => new Date(at.getTime() + minutes * 60_000);

test(`${CYCLES} nights: bill to the cent, volume and addresses kept, prod untouched`, {
  timeout: 3_600_000,
}, async () => {
  await t.found("prod", "staging");
  const prod = await t.project("prod");
  const before = await t.project("staging");
  const hash = t.machine.volume();

  const { nightlyStop, morningStart, timeZone } = t.env.extras;
  const [stop, start] = [nightlyStop, morningStart].map((cron) => new Cron(cron, { timezone: timeZone }));
  if (!stop || !start) throw new Error("no clock");
  const log: string[] = [];
  const types = [t.env.hostType, ...(t.env.extras.fallbackTypes ?? [])];
  const shortage = { location: t.env.location, server_type: "" };
  let instant = await t.parts.hetzner.now();

  for (let night = 1; night <= CYCLES; night++) {
    const evening = stop.nextRun(instant) as Date;
    if (night === RISE.on)
      await t.control("POST", "/prices", {
        item: t.env.hostType,
        monthly: Math.round(priceBook.serverTypes[t.env.hostType] * RISE.factor * 100) / 100,
      });
    if (night === WEEK.from)
      for (const server_type of types) await t.control("POST", "/shortages", { ...shortage, server_type });
    if (night === WEEK.to + 1) await t.control("DELETE", "/shortages");
    await t.until(late(evening, 25));
    const slept = await hibernateServer(t.env, {}, t.parts, () => {});
    log.push(`${night} ${slept.is}`);
    const asleep = await t.project("staging");
    const kept = night >= WEEK.from && night <= WEEK.to;
    expect([night, slept.is, asleep.servers.length]).toEqual([night, kept ? "kept" : "asleep", kept ? 1 : 0]);
    if (kept) expect(slept.why).toContain(`has no ${types.join(", ")} to order`);
    expect(asleep.volumes[0]).toMatchObject({
      id: before.volumes[0]?.id,
      server: kept ? expect.anything() : null,
    });
    expect(asleep.primary_ips.map(({ ip }) => ip)).toEqual(before.primary_ips.map(({ ip }) => ip));

    const morning = start.nextRun(evening) as Date;
    await t.until(late(morning, 5));
    if (SHORT_MORNINGS.includes(night))
      for (let order = 0; order < 2; order++)
        await t.control("POST", "/shortages", {
          ...shortage,
          server_type: types[order],
          count: 1,
        });
    const woke = await resumeServer(t.env, { patience: 60_000, every: 10 }, t.parts, (line) =>
      log.push(line),
    );
    expect([night, woke.is]).toEqual([night, kept ? "resumed" : "new"]);
    expect(t.machine.volume()).toBe(hash);
    instant = morning;
    const now = await t.parts.hetzner.now();
    const billed = serversBilled(await t.project("staging"), now.toISOString().slice(0, 7), now);
    expect([night, woke.month?.billed]).toEqual([night, billed]);
  }
  expect(log.filter((line) => line === `Hetzner has no ${t.env.hostType} now`)).toHaveLength(
    SHORT_MORNINGS.length,
  );
  expect(await t.project("prod")).toEqual(prod);
  const { code, outcomes } = await t.bench.plan(["staging"]);
  expect([code, outcomes[0]]).toMatchObject([0, { summary: { changes: [] } }]);
});
