import { beforeEach, expect, test, vi } from "vitest";
import { testAuthority } from "../../support/certificates.ts";

const made = vi.hoisted(() => ({
  values: {} as Record<string, string>,
  pair: {} as Record<string, string>,
  changed: undefined as Record<string, string> | undefined,
}));
vi.mock("../../../config/index.ts", async (original) => {
  const real = await original<typeof import("../../../config/index.ts")>();
  const { fixture } = await import("../../support/fleet/source.ts");
  return { ...real, shipped: fixture, loadFleet: () => real.loadFleet(fixture, {}) };
});
vi.mock("../../../cli/secrets/store.ts", () => ({
  loadSecrets: async () => ({ values: made.values }),
  changeSecrets: async (_: unknown, changed: Record<string, string>) => Object.assign(made, { changed }),
}));
vi.mock("../../../cli/secrets/origin.ts", () => ({ originPair: async () => made.pair }));
const { takeCertificate } = await import("../../../cli/secrets/take-certificate.ts");

const { certificate, private_key: key } = await testAuthority();
const signed = `${certificate.trim()}\n`;
beforeEach(() =>
  Object.assign(made, {
    values: { ORIGIN_TLS_CERTIFICATE: "pending", ORIGIN_TLS_KEY: "known" },
    pair: { ORIGIN_TLS_CERTIFICATE: signed, ORIGIN_TLS_KEY: `${key.trim()}\n` },
    changed: undefined,
  }),
);

test("a certificate that was still to come is taken, and a key that is there stays", async () => {
  expect(await takeCertificate("staging")).toBe(true);
  expect(made.changed).toEqual({ ORIGIN_TLS_CERTIFICATE: signed });
});

test.each([
  ["the secrets have one", () => (made.values.ORIGIN_TLS_CERTIFICATE = signed)],
  ["Cloudflare has signed none yet", () => delete made.pair.ORIGIN_TLS_CERTIFICATE],
])("nothing is written where %s", async (_, plant) => {
  plant();
  expect([await takeCertificate("staging"), made.changed]).toEqual([false, undefined]);
});

test("what is no certificate is not taken", async () => {
  made.pair.ORIGIN_TLS_CERTIFICATE = "no certificate";
  await expect(takeCertificate("staging")).rejects.toThrow("nothing was written");
  expect(made.changed).toBeUndefined();
});
