import { describe, expect, test } from "vitest";
import type { Offer } from "../../../../cli/shared/hetzner.ts";
import { heldPrice } from "../../../../cli/staging/night/price.ts";
import { monthlySleepCost, nextWake } from "../../../../cli/staging/night/schedule.ts";
import { decideSleep } from "../../../../cli/staging/night/sleep-decision.ts";
import { priceBook } from "../../../../config/prices.ts";

const offer = (type: string, monthly: number, available = true): Offer => ({
  type,
  available,
  monthly,
  hourly: Math.round((monthly / 624.5) * 1e4) / 1e4,
});
const week = {
  timeZone: "Europe/Berlin",
  nightlyStop: "0 20 * * MON-FRI",
  morningStart: "0 7 * * MON-FRI",
};
const monday = new Date("2026-11-02T21:00:00Z");
const decide = (offers: readonly (Offer | undefined)[], held = 5.99) =>
  decideSleep({
    offers: offers.map((one, i) => [one?.type ?? `gone${i}`, one] as const),
    held: { hourly: 0.0096, monthly: held },
    monthOfNights: (price) => monthlySleepCost(week, monday, price),
  });

describe("whether the machine is given up", () => {
  test("yes, when it can be ordered again at the price it has", () => {
    // 22 wakings of 13 h at 0.0096.
    expect(decide([offer("cax11", 5.99)])).toMatchObject({ is: "sleep", type: "cax11", nights: 2.75 });
  });

  test("no, when nothing of the list can be ordered, or is sold at all", () => {
    const none = decide([offer("cax11", 5.99, false), undefined]);
    expect(none).toMatchObject({ is: "keep", why: expect.stringContaining("cax11, gone1") });
  });

  test("yes at a higher price that the nights still make up for, with both prices named", () => {
    const dearer = decide([offer("cax11", 8.49)]);
    expect(dearer).toMatchObject({ is: "sleep", held: 5.99, offered: 8.49, nights: 3.89 });
  });

  test("no, when its price of today eats up the nights; the figures say so", () => {
    const dear = decide([offer("cax11", 13.5)]);
    expect(dear.is).toBe("keep");
    expect(dear.why).toMatch(/6\.18 EUR .* 5\.99 EUR/);
  });

  test("a fallback counts with its own price", () => {
    const short = [offer("cax11", 5.99, false), offer("cax21", 10.49)];
    expect(decide(short)).toMatchObject({ is: "sleep", type: "cax21", nights: 4.8 });
    expect(decide(short, 4)).toMatchObject({ is: "keep", type: "cax21" });
  });

  test("no, when nobody knows what would be lost", () => {
    const verdict = decideSleep({
      offers: [["cax11", offer("cax11", 5.99)]],
      held: undefined,
      monthOfNights: () => 0,
    });
    expect(verdict).toMatchObject({ is: "keep", why: expect.stringContaining("--price") });
  });
});

describe("the price that a server keeps", () => {
  const server = { id: 7, type: "cax11", created: new Date("2026-10-01T00:00:00Z") };
  const older = { ...server, created: new Date(Date.parse(priceBook.date) - 1) };
  const noted = {
    server: 7,
    type: "cax11",
    created: server.created,
    price: { hourly: 0.005, monthly: 3.29 },
  };

  test("is what the diary noted at its order, before all else", () => {
    expect(heldPrice(server, [noted], offer("cax11", 8.49), 1)).toEqual(noted.price);
    expect(heldPrice({ ...server, type: "cax21" }, [noted], undefined)?.monthly).toBe(10.49);
  });
  test("is the price book's when the server is not older than the book", () => {
    expect(heldPrice(server, [], offer("cax11", 8.49))).toEqual({ hourly: 0.0096, monthly: 5.99 });
  });
  test("is unknown for an older one, until somebody reads it off the invoice", () => {
    expect(heldPrice(older, [], offer("cax11", 5.99))).toBeUndefined();
    expect(heldPrice(older, [], offer("cax11", 5.99), 3.79)).toEqual({ hourly: 0.0061, monthly: 3.79 });
  });
});

test("the clock wakes at the local hour on both sides of a change of clocks, and not on a weekend", () => {
  const wakes = ["2026-10-23T19:00:00Z", "2026-10-26T20:00:00Z", "2027-03-26T20:00:00Z"].map((at) =>
    nextWake(week, new Date(at))?.toISOString(),
  );
  expect(wakes).toEqual(["2026-10-26T06:00:00.000Z", "2026-10-27T06:00:00.000Z", "2027-03-29T05:00:00.000Z"]);
});
