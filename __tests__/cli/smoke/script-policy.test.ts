import { expect, it } from "vitest";
import type { ClientResponse } from "../../../cli/smoke/client.ts";
import { contentPolicyProblem } from "../../../cli/smoke/content-policy.ts";
import { bundlePolicy, scriptPolicy } from "../../../cli/smoke/script-policy.ts";
import { fixtureFleet } from "../../support/fleet/fleet.ts";

const env = fixtureFleet().reference.environment;
const OWN = bundlePolicy(env);
const page = (policy?: string): ClientResponse => ({
  ...{ url: new URL("https://login.example/login"), status: 200, body: "", ownAddress: undefined },
  headers: policy === undefined ? [] : [["content-security-policy", policy]],
});
const nonce = (word: string) => page(`default-src 'self'; script-src 'self' 'nonce-${word}'`);

it("knows the bundle's policy with this environment's hosts, and finds it sound", () => {
  expect(OWN).toContain(`https://${env.hosts.ciamOauth} https://${env.hosts.iamOauth};`);
  expect(OWN).not.toContain("{");
  expect(contentPolicyProblem([OWN])).toBeUndefined();
});

it("says whose policy the login page has", () => {
  expect(scriptPolicy(nonce("a"), nonce("b"), OWN)).toBe("a nonce of its own");
  expect(scriptPolicy(page(OWN), page(OWN), OWN)).toBe("the bundle's content policy");
});

it.each([
  ["the same nonce twice", nonce("a"), nonce("a"), "sends the same nonce twice"],
  ["a nonce once", nonce("a"), page(OWN), "has no nonce"],
  ["a policy of its own without a nonce", page("default-src 'self'"), page("default-src 'self'"), "no nonce"],
  ["another environment's hosts", page(`${OWN} x`), page(`${OWN} x`), "its policy is not the bundle's"],
  ["no policy at all", page(), page(), "has no nonce"],
])("refuses %s", (_, first, second, why) => {
  expect(() => scriptPolicy(first, second, OWN)).toThrow(why);
});
