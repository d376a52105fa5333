import fc from "fast-check";
import { expect, test } from "vitest";
import { openAccount, testAccountId, testZoneId } from "./account.ts";

/** Every route that reads a body, on objects that exist or not. */
const writes: readonly [method: string, path: string][] = [
  ["POST", `zones/${testZoneId}/dns_records`],
  ["PATCH", `zones/${testZoneId}/settings/ssl`],
  ["PATCH", `zones/${testZoneId}/settings/security_header`],
  ["POST", `zones/${testZoneId}/rulesets`],
  ["PUT", `zones/${testZoneId}/rulesets/phases/http_ratelimit/entrypoint`],
  ["PUT", `zones/${testZoneId}/origin_tls_client_auth/settings`],
  ["PUT", `zones/${testZoneId}/origin_tls_client_auth/hostnames`],
  ["POST", "certificates"],
  ["PUT", `accounts/${testAccountId}/workers/scripts/clock/schedules`],
  ["PUT", `accounts/${testAccountId}/workers/scripts/clock/secrets`],
  ["POST", `accounts/${testAccountId}/storage/kv/namespaces`],
  ["POST", `accounts/${testAccountId}/challenges/widgets`],
];
const text = fc.oneof(
  fc.string(),
  fc.constantFrom("A", "zone", "http_ratelimit", "example.com", "on", "block"),
);
const value = fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null), fc.jsonValue({ maxDepth: 3 }));
const keys =
  "type name content ttl proxied data value kind phase rules action expression ratelimit enabled config hostname " +
  "csr hostnames request_type cron text title domains mode";
const body = fc.oneof(
  fc.dictionary(fc.constantFrom(...keys.split(" ")), value),
  fc.record({ rules: fc.array(fc.dictionary(fc.constantFrom("action", "expression", "ratelimit"), value)) }),
  fc.jsonValue(),
);

test("no body makes the emulator fail: it takes it or refuses it in an envelope", async () => {
  const { call } = openAccount();
  const form = new FormData();
  form.append("main", new Blob(["export default {}"]), "main");
  form.append("metadata", JSON.stringify({ main_module: "main" }));
  await call("PUT", `accounts/${testAccountId}/workers/scripts/clock`, form);
  const request = fc.tuple(fc.constantFrom(...writes), body);
  await fc.assert(
    fc.asyncProperty(request, async ([[method, path], sent]) => {
      const { status, success, errors } = await call(method, path, sent);
      expect(status).toBeLessThan(500);
      expect(success).toBe(errors.length === 0);
    }),
    { numRuns: 600 },
  );
});
