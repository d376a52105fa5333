import { afterEach, expect, test, vi } from "vitest";
import { connectAdminApis } from "../../../../cli/shared/admin-apis.ts";
import { environmentNamed } from "../../../../cli/shared/target.ts";
import { Backoff } from "../../../../cli/staging/seed/backoff.ts";
import { ExistingIdentities } from "../../../../cli/staging/seed/existing-identities.ts";
import type { Identity, RetryLater, SyntheticTag } from "../../../../cli/staging/seed/kratos.ts";
import { seedSpecOf } from "../../../../cli/staging/seed/options.ts";
import { refuseOtherSeeds } from "../../../../cli/staging/seed/plan.ts";
import { totpCode } from "../../../../cli/staging/seed/totp.ts";

afterEach(() => void vi.useRealTimers());

test("codes are those of RFC 6238, appendix B", () => {
  const key = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
  const at = (seconds: number) => totpCode(key, new Date(seconds * 1000));
  expect([59, 1111111109, 1234567890, 2000000000].map(at)).toEqual(["287082", "081804", "005924", "279037"]);
});

const identity = (mark: SyntheticTag | undefined): Identity => ({
  id: "1",
  identifier: "",
  state: "active",
  mark,
  credentials: [],
});

test("the roster knows again whom it made, and counts the others apart", () => {
  const roster = new ExistingIdentities({ people: 10, locked: 2 }, 42);
  roster.add(identity({ seed: 42, set: "people", index: 10 }));
  roster.add(identity({ seed: 42, set: "people", index: 10 }));
  roster.add(identity({ seed: 42, set: "people", index: 4000 }));
  roster.add(identity({ seed: 42, set: "locked", index: 1 }));
  roster.add(identity({ seed: 0, set: "document", index: 1 }));
  roster.add(identity({ seed: 7, set: "people", index: 1 }));
  roster.add(identity(undefined));
  expect(roster.has({ set: "people", index: 10 })).toBe(true);
  expect(roster.has({ set: "people", index: 9 })).toBe(false);
  expect([roster.present, roster.beyond, roster.others, [...roster.strays]]).toEqual([2, 2, 1, [[7, 1]]]);
});

const mix = { default: 100, customer: 0, organizational: 0, admin: 0 };

test("people of another number stop a run, but not that of the seed document", () => {
  const roster = new ExistingIdentities({ people: 10 }, 42);
  roster.add(identity({ seed: 7, set: "people", index: 1 }));
  expect(() => refuseOtherSeeds(roster, { users: 10, number: 42, mix })).toThrow("1 of seed 7");
  refuseOtherSeeds(roster, { users: 10, number: 0, mix, document: true });
  refuseOtherSeeds(new ExistingIdentities({ people: 10 }, 42), { users: 10, number: 42, mix });
});

test("options win over the configuration, and a wrong one says what is allowed", () => {
  const extras = { users: 1000, number: 42, mix, cron: "0 10 * * MON" };
  const options = { batch: 200, inFlight: 4 };
  expect(seedSpecOf(options, extras)).toEqual({ users: 1000, number: 42, mix });
  expect(seedSpecOf({ ...options, users: 5, seed: 1, schemaMix: "customer=60,admin=40" }, extras)).toEqual({
    users: 5,
    number: 1,
    mix: { default: 0, customer: 60, organizational: 0, admin: 40 },
  });
  expect(seedSpecOf({ ...options, preset: "document" }, extras)).toMatchObject({
    users: 100,
    document: true,
  });
  for (const schemaMix of ["default=99", "staff=100", "default", "default=50,customer=51"])
    expect(() => seedSpecOf({ ...options, schemaMix }, extras)).toThrow("add up to 100");
  expect(() => seedSpecOf({ ...options, preset: "other" }, extras)).toThrow("only document");
});

test("who serves real people is refused before anything is asked", async () => {
  await expect(connectAdminApis(environmentNamed("prod"), { local: true }, "test")).rejects.toThrow(
    "serves real people",
  );
});

test("while Kratos asks for time nothing passes, and then everything does", async () => {
  vi.useFakeTimers();
  const waits: string[] = [];
  const gate = new Backoff(60_000, (why) => waits.push(why));
  const busy: RetryLater = { kind: "later", why: "Kratos answered 429", afterMs: 5000 };
  let asked = 0;
  const first = gate.pass(async () => (asked++ === 0 ? busy : { kind: "answered" as const }));
  await vi.advanceTimersByTimeAsync(10);
  let passed = false;
  const second = gate.pass(async () => ({ kind: "answered" as const })).then(() => (passed = true));
  await vi.advanceTimersByTimeAsync(4900);
  expect([asked, passed]).toEqual([1, false]);
  await vi.advanceTimersByTimeAsync(200);
  await Promise.all([first, second]);
  expect([asked, passed, waits]).toEqual([2, true, ["Kratos answered 429"]]);
});

test("a Kratos that stays away ends the run with what to do", async () => {
  vi.useFakeTimers();
  const gate = new Backoff(60_000, () => {});
  const end = expect(
    gate.pass(async () => ({ kind: "later", why: "connect ECONNREFUSED" }) as RetryLater),
  ).rejects;
  const done = end.toThrow(/ECONNREFUSED, for 60 s\. Run the same command again/);
  await vi.advanceTimersByTimeAsync(200_000);
  await done;
});
