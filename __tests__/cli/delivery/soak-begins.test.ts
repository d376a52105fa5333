import { afterEach, expect, test, vi } from "vitest";

const done: string[] = [];
vi.mock("node:timers/promises", () => ({ setTimeout: async (ms: number) => void done.push(`wait ${ms}`) }));
vi.mock("../../../cli/shared/target.ts", async () => {
  const { prodEnvironment, stagingEnvironment } = await import("../../secrets/values.ts");
  return {
    environmentNamed: (name: string) => (name === "prod" ? prodEnvironment : stagingEnvironment),
    locate: async () => ({ host: "192.0.2.1" }),
  };
});
vi.mock("../../../cli/delivery/soak/machine-sample.ts", () => ({
  sampleMachine: async () => {
    done.push("sample");
    throw new Error("far enough");
  },
}));
const { soak } = await import("../../../cli/delivery/soak/soak.ts");
afterEach(() => {
  vi.unstubAllEnvs();
  done.length = 0;
});
const begin = (name: string) =>
  expect(soak(name, { minutes: "1", every: "1" })).rejects.toThrow("far enough");

test("who logs in waits for the window that the smoke test before has used up", async () => {
  vi.stubEnv("SMOKE_EMAIL_STAGING", "smoke.1@cast.example");
  vi.stubEnv("SMOKE_PASSWORD_STAGING", "secret");
  await begin("staging");
  expect(done).toEqual(["wait 60000", "sample"]);
});

test("nobody waits where no login is tried, or where the smoke test tries no limit", async () => {
  await begin("staging");
  vi.stubEnv("SMOKE_EMAIL_PROD", "smoke@acme.co.uk");
  vi.stubEnv("SMOKE_PASSWORD_PROD", "secret");
  await begin("prod");
  expect(done).toEqual(["sample", "sample"]);
});
