import { existsSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checklist } from "../../../../cli/provision/providers/checklist.ts";
import { OIDC_FACTS } from "../../../../cli/provision/providers/oidc-facts.ts";
import { checklistText } from "../../../../cli/provision/providers/text.ts";
import { inspectValues } from "../../../../cli/secrets/findings.ts";
import { oidcProviders } from "../../../../cli/secrets/oidc.ts";
import { secretKeys } from "../../../../secrets/secret-keys.ts";
import { generated, key, prodEnvironment, sandboxMail, stagingEnvironment } from "../../../secrets/values.ts";

const providedKeys = secretKeys().filter(({ generator }) => /^(manual|optional)$/.test(generator));
const items = (env: typeof prodEnvironment, values?: Record<string, unknown>) =>
  checklist(env, { values, findings: values ? inspectValues(values, env) : [] });
const one = (provider: string, env: typeof prodEnvironment, values?: Record<string, unknown>) => {
  const found = items(env, values).find((item) => item.provider === provider);
  if (!found) throw new Error(`${provider} is not in the list`);
  return found;
};

describe("what to register", () => {
  test.each([
    [
      "Google",
      stagingEnvironment,
      "https://staging-ciam.your-app.com/self-service/methods/oidc/callback/google",
    ],
    [
      "Apple",
      stagingEnvironment,
      "https://staging-ciam.your-app.com/self-service/methods/oidc/callback/apple",
    ],
    ["Google", prodEnvironment, "https://ciam.your-app.com/self-service/methods/oidc/callback/google"],
    ["Apple", prodEnvironment, "https://ciam.your-app.com/self-service/methods/oidc/callback/apple"],
  ])("%s sends people of %o back", (provider, env, uri) => {
    expect(one(provider, env).register.map(([, value]) => value)).toContain(uri);
    expect(checklistText(env, items(env))).toContain(uri);
  });

  test("every provider that the configuration may name is shown as itself, once, and has a mapper", () => {
    const ids = Object.keys(OIDC_FACTS) as (keyof typeof OIDC_FACTS)[];
    const shown = items({ ...prodEnvironment, oidcProviders: ids }).filter(({ serves }) =>
      serves.startsWith("log in with"),
    );
    expect(new Set(shown.map(({ provider }) => provider)).size).toBe(ids.length);
    ids.forEach((id, i) => {
      expect(shown[i]?.register[0]?.[1]).toBe(
        `https://ciam.your-app.com/self-service/methods/oidc/callback/${id}`,
      );
      expect(existsSync(`host/release/kratos/ciam/${id}.jsonnet`), id).toBe(true);
    });
    const known = JSON.parse(readFileSync("__tests__/host/bundle/schemas/kratos-config-26.2.0.json", "utf8"));
    expect(known.definitions.selfServiceOIDCProvider.properties.provider.enum).toEqual(
      expect.arrayContaining(ids),
    );
  });

  test.each([
    ["microsoft", { client_secret: "s", microsoft_tenant: "t" }, true],
    ["microsoft", { client_secret: "s" }, false],
    ["generic", { client_secret: "s", issuer_url: "https://id.example" }, true],
    ["generic", { client_secret: "s", issuer_url: "http://id.example" }, false],
    ["generic", { client_secret: "s" }, false],
    ["github", { client_secret: "s" }, true],
    ["github", {}, false],
  ])("%s with %j can be read by Kratos: %s", (id, given, expected) => {
    const client = { id, provider: id, client_id: "c", mapper_url: "file:///m.jsonnet", ...given };
    expect(oidcProviders(JSON.stringify([client])) !== undefined).toBe(expected);
  });

  test("a provider that the configuration does not name is not listed", () => {
    const names = items({ ...prodEnvironment, oidcProviders: ["google"] }).map(({ provider }) => provider);
    expect(names).toContain("Google");
    expect(names).not.toContain("Apple");
  });

  test("mail goes to Mailpit, to a sandbox of the provider, or to people", () => {
    expect(items(stagingEnvironment)[0]).toMatchObject({ provider: "Mailpit", use: "sandbox" });
    expect(items(sandboxMail)[0]).toMatchObject({ provider: "Postmark", use: "sandbox" });
    expect(items(prodEnvironment)[0]).toMatchObject({ provider: "Postmark", use: "live" });
  });

  test("a budget of SMS gives a rehearsal an account of its own", () => {
    const budgeted = {
      ...stagingEnvironment,
      extras: stagingEnvironment.extras && { ...stagingEnvironment.extras, sms: { perMonth: 50 } },
    };
    expect(one("Twilio", stagingEnvironment).account).toContain("test credentials");
    expect(one("Twilio", budgeted).account).toContain("at most 50 SMS a month");
  });
});

describe("how far it is", () => {
  test("every value that somebody must give has its place", () => {
    for (const env of [prodEnvironment, stagingEnvironment]) {
      const keys = items(env).flatMap((item) => item.keys);
      for (const rule of providedKeys) expect(keys).toContain(rule.key);
    }
  });

  test("a key that is new in the list appears by itself", () => {
    const added = { ...key("DEADMAN_URL"), key: "NEW_PROVIDER_TOKEN", meaning: "of a new provider" };
    const found = checklist(prodEnvironment, { values: {}, findings: [] }, [...secretKeys(), added]);
    expect(found.at(-1)).toMatchObject({ provider: "NEW_PROVIDER_TOKEN", serves: "of a new provider" });
  });

  test.each([
    ["nobody can read the secrets", undefined, "unknown"],
    ["a test key is given", { STRIPE_SECRET_KEY: ["sk_test", "a".repeat(24)].join("_") }, "ready"],
    ["it is not used", { STRIPE_SECRET_KEY: "off" }, "off"],
    ["it is still to come", { STRIPE_SECRET_KEY: "pending" }, "to do"],
    ["it is missing", {}, "to do"],
    ["a live key is given", { STRIPE_SECRET_KEY: ["sk_live", "a".repeat(24)].join("_") }, "to do"],
  ])("%s", (_, values, state) => {
    expect(one("Stripe", stagingEnvironment, values).state).toBe(state);
  });

  test("no value is shown, right or wrong", () => {
    const value = fc.string({ minLength: 16, maxLength: 60 }).map((text) => `secret-${text}`);
    const values = fc.record(Object.fromEntries(providedKeys.map((rule) => [rule.key, value])), {
      requiredKeys: [],
    });
    fc.assert(
      fc.property(values, fc.constantFrom(prodEnvironment, stagingEnvironment, sandboxMail), (made, env) => {
        const list = items(env, { ...generated, ...made });
        const said = checklistText(env, list) + JSON.stringify(list);
        for (const secret of [...Object.values(made), ...Object.values(generated)])
          expect(said.includes(String(secret))).toBe(false);
      }),
      { numRuns: 50 },
    );
  });
});
