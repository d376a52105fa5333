import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { providerFindings } from "../../../cli/secrets/providers.ts";
import { twilioFindings } from "../../../cli/secrets/twilio.ts";
import { prodEnvironment, stagingEnvironment } from "../../secrets/values.ts";

const values = { TWILIO_ACCOUNT_SID: `AC${"0a".repeat(16)}`, TWILIO_AUTH_TOKEN: "1b".repeat(16) };
/** A rehearsal with an account of its own and 50 messages a month. */
const budgeted = {
  ...stagingEnvironment,
  extras: stagingEnvironment.extras && { ...stagingEnvironment.extras, sms: { perMonth: 50 } },
};

/** Twilio's answers by path: the account, then its usage. */
const twilio = (status: number, account: unknown, sent?: unknown) => async (url: string) =>
  url.includes("/Usage/")
    ? new Response(JSON.stringify(sent), { status: 200 })
    : new Response(JSON.stringify(account), { status });
const test20008 = twilio(403, {
  code: 20_008,
  message: "Resource not accessible with Test Account Credentials",
});
const live = (count?: string) =>
  twilio(
    200,
    { sid: values.TWILIO_ACCOUNT_SID, type: "Full" },
    { usage_records: [{ category: "sms", count }] },
  );
const silent = async () => {
  throw new Error("no network");
};
type FakeFetch = (url: string) => Promise<Response>;
const levels = async (env: typeof prodEnvironment, ask: FakeFetch) =>
  (await twilioFindings(values, env, ask)).map(({ level }) => level);

describe("an account of Twilio's shows its mode only to Twilio", () => {
  test.each<[string, typeof prodEnvironment, FakeFetch, string[]]>([
    ["test credentials on a rehearsal", stagingEnvironment, test20008, []],
    ["test credentials on prod", prodEnvironment, test20008, ["problem"]],
    ["real ones on a rehearsal", stagingEnvironment, live("0"), ["problem"]],
    ["real ones on prod", prodEnvironment, live("100000"), []],
    ["no answer on a rehearsal", stagingEnvironment, silent, ["problem"]],
    ["no answer on prod", prodEnvironment, silent, ["warning"]],
    ["a wrong token on a rehearsal", stagingEnvironment, twilio(401, { code: 20_003 }), ["problem"]],
    ["another refusal on a rehearsal", stagingEnvironment, twilio(403, { code: 20_005 }), ["problem"]],
  ])("%s", async (_, env, ask, wanted) => {
    expect(await levels(env, ask)).toEqual(wanted);
  });

  test.each<[string, FakeFetch, string[]]>([
    ["within it", live("39"), []],
    ["near its end", live("40"), ["warning"]],
    ["used up", live("50"), ["problem"]],
    ["with a count that is none", live("many"), ["warning"]],
    ["with test credentials, which cost nothing", test20008, []],
  ])("a rehearsal with a budget may have real ones: %s", async (_, ask, wanted) => {
    expect(await levels(budgeted, ask)).toEqual(wanted);
  });

  test("off asks nobody, and half an account is refused", async () => {
    const off = { ...values, TWILIO_AUTH_TOKEN: "off" };
    expect(await twilioFindings(off, stagingEnvironment, silent)).toEqual([]);
    expect(providerFindings(off, stagingEnvironment)[0]).toMatchObject({
      key: "TWILIO_AUTH_TOKEN",
      level: "problem",
    });
    const without = { ...values, TWILIO_ACCOUNT_SID: "off" };
    expect(providerFindings(without, stagingEnvironment)[0]).toMatchObject({
      key: "TWILIO_AUTH_TOKEN",
      level: "problem",
    });
    expect(providerFindings({ ...off, TWILIO_ACCOUNT_SID: "off" }, stagingEnvironment)).toEqual([]);
    expect(providerFindings(values, stagingEnvironment)).toEqual([]);
  });

  test("whatever it answers, the findings repeat no value", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 200, max: 599 }), fc.jsonValue(), async (status, body) => {
        const said = JSON.stringify(await twilioFindings(values, budgeted, twilio(status, body, body)));
        for (const value of Object.values(values)) expect(said).not.toContain(value);
      }),
    );
  });
});
