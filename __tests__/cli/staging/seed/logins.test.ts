import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { burst } from "../../../../cli/staging/logins/burst.ts";
import { loginEveryone } from "../../../../cli/staging/logins/login-everyone.ts";
import { HOURLY_AGENT } from "../../../../cli/staging/logins/logins.ts";

test("a burst in which nobody got in has no percentiles", async () => {
  const result = await burst({ rate: 100, seconds: 0.02 }, async () => ({ ending: "failed" }));
  expect(result).toMatchObject({ in: 0, failed: 2, p50: undefined, p95: undefined, p99: undefined });
});

test("a burst counts the wait of those who could not begin in time, and tells endings apart", async () => {
  const endings = ["in", "in", "limited", "failed"] as const;
  const result = await burst({ rate: 100, seconds: 0.2 }, async (n) => {
    await sleep(30);
    return { ending: endings[n % 4] ?? "failed", ...(n % 4 === 3 && { why: `because ${n}` }) };
  });
  expect(result).toMatchObject({ wanted: 20, in: 10, limited: 5, failed: 5, unsent: 0 });
  expect(result.errorRate).toBeCloseTo(5 / 15);
  expect(result.reasons).toHaveLength(5);
  expect(result.p50).toBeGreaterThan(25);
});

test("a burst does not wait for a machine that does not answer", async () => {
  let begun = 0;
  let release = (): void => {};
  const stuck = new Promise<void>((resolve) => {
    release = resolve;
  });
  const running = burst({ rate: 5000, seconds: 0.2 }, async () => {
    begun++;
    await stuck;
    return { ending: "in" };
  });
  await sleep(400);
  expect(begun).toBe(500);
  release();
  expect(await running).toMatchObject({ wanted: 1000, in: 500, unsent: 500 });
});

test("a roll call names who is missing", async () => {
  const people = ["a", "b", "c"].map((identifier) => ({ identifier }));
  const roll = await loginEveryone(people, async ({ identifier: who }) =>
    who === "b" ? { ending: "failed", why: "b: 400" } : { ending: who === "c" ? "limited" : "in" },
  );
  expect(roll).toMatchObject({ people: 3, in: 1 });
  expect([...roll.reasons].sort()).toEqual(["b: 400", "c: rate-limited"]);
});

test("what is counted is what the machine's own logins call themselves", () => {
  expect(readFileSync("host/release/bin/olympus-logins", "utf8")).toContain(`\nagent=${HOURLY_AGENT}\n`);
});
