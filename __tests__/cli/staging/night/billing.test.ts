import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  monthUntil,
  type ServerLifetime,
  startedHours,
  statement,
} from "../../../../cli/staging/night/billing.ts";

const at = (text: string): Date => new Date(`2026-11-${text}Z`);
const november = monthUntil(at("30T23:59:59"));
const price = { hourly: 0.0096, monthly: 5.99 };
const life = (server: number, created: string, deleted?: string, own = price): ServerLifetime => ({
  server,
  type: "cax11",
  created: at(created),
  deleted: deleted ? at(deleted) : undefined,
  price: own,
});

describe("a bill", () => {
  test.each([
    ["a second", "02T07:00:00", "02T07:00:01", 1],
    ["an hour to the second", "02T07:00:00", "02T08:00:00", 1],
    ["an hour and a second", "02T07:00:00", "02T08:00:01", 2],
    ["nothing, when it was deleted before the month", "01T00:00:00", "01T00:00:00", 0],
  ])("counts every started hour in full: %s", (_, created, deleted, hours) => {
    expect(startedHours(life(1, created, deleted), november)).toBe(hours);
  });

  test("two short lives of one hour cost two hours", () => {
    const lives = [life(1, "02T07:00:00", "02T07:10:00"), life(2, "02T07:20:00", "02T07:30:00")];
    expect(statement(lives, november)).toMatchObject({ servers: 2, hours: 2, billed: 0.02 });
  });

  test("one server costs at most its monthly price, two that follow each other at most two", () => {
    expect(statement([life(1, "01T00:00:00")], november).billed).toBe(5.99);
    const lives = [life(1, "01T00:00:00", "27T05:00:00"), life(2, "27T06:00:00")];
    expect(statement(lives, november)).toMatchObject({ billed: 6.85, saved: -0.86 });
  });

  test("keeps for each server the price it was ordered at", () => {
    const dear = { hourly: 0.0136, monthly: 8.49 };
    const lives = [life(1, "02T07:00:00", "02T17:00:00"), life(2, "03T07:00:00", "03T17:00:00", dear)];
    expect(statement(lives, monthUntil(at("03T17:00:00")))).toMatchObject({
      billed: 0.23,
      neverAsleep: 0.33,
    });
  });

  test("begins anew with the calendar month, UTC", () => {
    const lives = [{ ...life(1, "01T00:00:00"), created: new Date("2026-10-31T12:00:00Z") }];
    expect(statement(lives, monthUntil(at("01T02:00:00")))).toMatchObject({ hours: 2, billed: 0.02 });
  });

  test("never comes to more than an hour and a cap for each server allow", () => {
    const lives = fc.array(
      fc.record({ from: fc.integer({ min: 0, max: 719 }), hours: fc.integer({ min: 0, max: 719 }) }),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(lives, (drawn) => {
        const hour = 3_600_000;
        const start = november.from.getTime();
        const all = drawn.map(({ from, hours }, server) => ({
          ...life(server, "01T00:00:00"),
          created: new Date(start + from * hour),
          deleted: new Date(start + (from + hours) * hour),
        }));
        const { billed, hours } = statement(all, november);
        const exact = drawn.reduce((sum, { from, hours: h }) => sum + Math.min(h, 720 - from), 0);
        expect(hours).toBe(exact);
        expect(billed).toBeLessThanOrEqual(Math.min(exact * 0.0096, drawn.length * 5.99) + 0.01);
      }),
    );
  });
});
