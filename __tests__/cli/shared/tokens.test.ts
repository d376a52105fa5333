import { afterEach, expect, test, vi } from "vitest";
import { tokenVariables } from "../../../cli/shared/tokens.ts";
import { smokeUser } from "../../../cli/smoke/user.ts";
import { loadFleet } from "../../../config/index.ts";
import { fixture } from "../../support/fleet/source.ts";

const fleet = loadFleet(fixture, {});
afterEach(() => vi.unstubAllEnvs());
const set = (values: Record<string, string>) => {
  for (const [name, value] of Object.entries(values)) vi.stubEnv(name, value);
};

test("a workflow hands on the tokens of the one environment that it names, without its name", () => {
  set({ OLYMPUS_CREDENTIALS_OF: "staging", HCLOUD_TOKEN: "h", CLOUDFLARE_API_TOKEN: "c" });
  expect(tokenVariables(["staging"], fleet)).toEqual({
    TF_VAR_hcloud_token_staging: "h",
    TF_VAR_cloudflare_token_staging: "c",
  });
});

test("the same tokens are no other environment's, and nobody's where none is named", () => {
  set({ HCLOUD_TOKEN: "h", CLOUDFLARE_API_TOKEN: "c" });
  expect(() => tokenVariables(["staging"], fleet)).toThrow(
    /^Missing in the environment:\n {2}HCLOUD_TOKEN_STAGING\n/,
  );
  set({ OLYMPUS_CREDENTIALS_OF: "staging" });
  expect(() => tokenVariables(["prod"], fleet)).toThrow("  HCLOUD_TOKEN_PROD\n");
});

test("a secret that GitHub's environment lacks is said by the secret's name", () => {
  set({ OLYMPUS_CREDENTIALS_OF: "staging", HCLOUD_TOKEN: "h" });
  expect(() => tokenVariables(["staging"], fleet)).toThrow(
    "CLOUDFLARE_API_TOKEN, a secret of GitHub's environment staging",
  );
});

test("the person who logs in is handed on likewise", () => {
  set({ OLYMPUS_CREDENTIALS_OF: "staging", SMOKE_EMAIL: "a@example.com", SMOKE_PASSWORD: "p" });
  expect(smokeUser("staging")).toEqual({ email: "a@example.com", password: "p" });
  expect(smokeUser("prod")).toBeUndefined();
});
