import { describe, expect, test } from "vitest";
import { providerReportedFindings } from "../../../cli/secrets/check.ts";
import { modeFindings } from "../../../cli/secrets/modes.ts";
import { providerFindings } from "../../../cli/secrets/providers.ts";
import { prodEnvironment, sandboxMail, stagingEnvironment } from "../../secrets/values.ts";

// Cut in two, so that nobody's scanner takes an example for a leak.
const LIVE_KEY = ["sk_live", "4eC39HqLyjWDarjtT1zdp7dc"].join("_");
const TEST_KEY = ["sk_test", "4eC39HqLyjWDarjtT1zdp7dc"].join("_");
const MAILPIT = "smtp://mailpit:1025/?disable_starttls=true";
const POSTMARK = "smtp://3f1b4c2e-token:3f1b4c2e-token@smtp.postmarkapp.com:587/";

/** What makes a value wrong here, mode and configuration together. */
const wrong = (key: string, value: string, env: typeof prodEnvironment) =>
  [...modeFindings({ [key]: value }, env), ...providerFindings({ [key]: value }, env)].filter(
    ({ level }) => level === "problem",
  );

describe("each value is right in one world only", () => {
  test.each([
    ["a live key of a payment provider", "DEADMAN_URL", `https://x.test/${LIVE_KEY}`, "live"],
    ["its test key", "DEADMAN_URL", `https://x.test/${TEST_KEY}`, "sandbox"],
    ["Turnstile's test key", "CIAM_CAPTCHA_SECRET_KEY", `1x${"0".repeat(31)}AA`, "sandbox"],
    [
      "Postmark's test token",
      "SMTP_CONNECTION_URI",
      POSTMARK.replaceAll("3f1b4c2e-token", "POSTMARK_API_TEST"),
      "sandbox",
    ],
    ["Twilio's magic number", "DEADMAN_URL", "https://x.test/+15005550006", "sandbox"],
    [
      "an account of SES",
      "SMTP_CONNECTION_URI",
      "smtp://u:p@email-smtp.eu-west-1.amazonaws.com:587/",
      "live",
    ],
    ["a live key of Stripe", "STRIPE_SECRET_KEY", LIVE_KEY, "live"],
    ["a restricted test key of Stripe", "STRIPE_SECRET_KEY", TEST_KEY.replace("sk_", "rk_"), "sandbox"],
    ["SES's simulator", "DEADMAN_URL", "https://x.test/?to=success@simulator.amazonses.com", "sandbox"],
    ["Mailtrap's sandbox", "SMTP_CONNECTION_URI", "smtp://u:p@sandbox.smtp.mailtrap.io:2525/", "sandbox"],
    ["a relay of somebody's", "SMTP_CONNECTION_URI", "smtp://u:p@smtp.example.com:587/", "live"],
    [
      "a relay in big letters",
      "SMTP_CONNECTION_URI",
      "smtp://u:p@EMAIL-SMTP.eu-west-1.AMAZONAWS.com:587/",
      "live",
    ],
  ] as const)("%s", (_, key, value, mode) => {
    const [right, other] = mode === "live" ? [prodEnvironment, sandboxMail] : [sandboxMail, prodEnvironment];
    expect(modeFindings({ [key]: value }, right)).toEqual([]);
    const [finding] = modeFindings({ [key]: value }, other);
    expect(finding?.level).toBe("problem");
    expect(JSON.stringify(finding)).not.toContain(value);
  });

  test("configuration decides, not the name", () => {
    const renamed = { ...stagingEnvironment, name: "prod" };
    expect(modeFindings({ SMTP_CONNECTION_URI: MAILPIT }, renamed)).toEqual([]);
    const { extras: _, ...rest } = prodEnvironment;
    const serving = { ...rest, extras: undefined, name: "staging" };
    expect(modeFindings({ SMTP_CONNECTION_URI: MAILPIT }, serving)).toHaveLength(1);
  });
});

describe("mail goes where the configuration says", () => {
  test("Mailpit on staging, and nothing else", () => {
    expect(wrong("SMTP_CONNECTION_URI", MAILPIT, stagingEnvironment)).toEqual([]);
    expect(
      wrong("SMTP_CONNECTION_URI", "smtp://u:p@sandbox.smtp.mailtrap.io:2525/", stagingEnvironment),
    ).toHaveLength(1);
  });

  test("the provider's own relay on prod", () => {
    expect(wrong("SMTP_CONNECTION_URI", POSTMARK, prodEnvironment)).toEqual([]);
    expect(wrong("SMTP_CONNECTION_URI", "smtp://u:p@smtp.example.com:587/", prodEnvironment)).toHaveLength(1);
  });

  test.each([
    "smtp://u:p@mailpit:1025@smtp.example.com:587/",
    "smtp://smtp.example.com:587\\@mailpit:1025/",
    "smtp://",
  ])("a URI that two readers could read in two ways is refused: %s", (uri) => {
    expect(wrong("SMTP_CONNECTION_URI", uri, stagingEnvironment)).not.toEqual([]);
  });

  test("ports that Hetzner blocks are warned of", () => {
    const level = (uri: string) =>
      providerFindings({ SMTP_CONNECTION_URI: uri }, prodEnvironment).map((f) => f.level);
    expect(level(POSTMARK)).toEqual([]);
    expect(level(POSTMARK.replace("587", "465"))).toEqual(["warning"]);
    expect(level(POSTMARK.replace(":587", ""))).toEqual(["warning"]);
  });
});

describe("a Postmark token shows its mode only to Postmark", () => {
  const says = (DeliveryType: string) => async () => new Response(JSON.stringify({ DeliveryType }));
  const silent = async () => {
    throw new Error("no network");
  };
  const levels = async (env: typeof prodEnvironment, ask: () => Promise<Response>) =>
    (await providerReportedFindings({ SMTP_CONNECTION_URI: POSTMARK }, env, ask)).map(({ level }) => level);

  test.each([
    ["a live server on prod", prodEnvironment, says("Live"), []],
    ["a sandbox server on prod", prodEnvironment, says("Sandbox"), ["problem"]],
    ["a live server on a rehearsal", sandboxMail, says("Live"), ["problem"]],
    ["a sandbox server on a rehearsal", sandboxMail, says("Sandbox"), []],
    ["no answer on prod", prodEnvironment, silent, ["warning"]],
    ["no answer on a rehearsal", sandboxMail, silent, ["problem"]],
    ["an answer that means nothing, on a rehearsal", sandboxMail, says("Other"), ["problem"]],
  ])("%s", async (_, env, ask, expected) => {
    expect(await levels(env, ask)).toEqual(expected);
  });

  test("the token goes into a header and the address names none", async () => {
    const asked: unknown[] = [];
    await providerReportedFindings(
      { SMTP_CONNECTION_URI: POSTMARK },
      prodEnvironment,
      async (url, { headers }) => {
        asked.push(url, headers["X-Postmark-Server-Token"]);
        return new Response("{}");
      },
    );
    expect(asked).toEqual(["https://api.postmarkapp.com/server", "3f1b4c2e-token"]);
  });

  test("nobody is asked about other relays", async () => {
    expect(
      await providerReportedFindings({ SMTP_CONNECTION_URI: MAILPIT }, stagingEnvironment, silent),
    ).toEqual([]);
  });
});

describe("OIDC providers", () => {
  const google = {
    id: "google",
    provider: "google",
    client_id: "c",
    client_secret: "s",
    mapper_url: "file:///g",
  };
  const apple = {
    ...{ id: "apple", provider: "apple", client_id: "c", mapper_url: "file:///a", apple_team_id: "t" },
    ...{ apple_private_key_id: "k", apple_private_key: "-----BEGIN PRIVATE KEY-----\nAAAA\n" },
  };
  const found = (value: unknown) =>
    wrong("CIAM_OIDC_PROVIDERS", typeof value === "string" ? value : JSON.stringify(value), prodEnvironment);

  test("those that the configuration names", () => {
    expect(found([google, apple])).toEqual([]);
  });

  test.each([
    ["one is missing", [google]],
    ["there is none", []],
    ["Google without a secret", [{ ...google, client_secret: "" }, apple]],
    ["Apple without a key", [google, { ...apple, apple_private_key: undefined }]],
    ["no JSON", "[google, apple]"],
  ])("%s", (_, value) => {
    expect(found(value)).toHaveLength(1);
  });
});
