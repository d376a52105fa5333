import { expect, test } from "vitest";
import { requireNew } from "../../../cli/secrets/rotate.ts";

const PAIR = { ORIGIN_TLS_KEY: "key", ORIGIN_TLS_CERTIFICATE: "certificate" };

test("a pair of which one half is new is rotated", () => {
  expect(() => requireNew(PAIR, { ...PAIR, ORIGIN_TLS_CERTIFICATE: "older" })).not.toThrow();
  expect(() => requireNew({ DEADMAN_URL: "https://a.example" }, {})).not.toThrow();
});

test("what is there already is called nothing new, and the way to something new is named", () => {
  expect(() => requireNew(PAIR, PAIR)).toThrow(/Nothing was written.*csr <environment> --force/);
  expect(() => requireNew({ DEADMAN_URL: "off" }, { DEADMAN_URL: "off" })).toThrow(
    "DEADMAN_URL: what is there already. Nothing was written.",
  );
});
