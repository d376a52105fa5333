import { afterEach, expect, test, vi } from "vitest";
import { PENDING } from "../../../cli/secrets/fingerprints.ts";

const sent: unknown[] = [];
vi.mock("../../../cli/doctor/subject.ts", () => ({
  composed: () => ({ environment: { cloudflareAccountId: "a".repeat(32) } }),
}));
vi.mock("../../../cli/doctor/tokens.ts", () => ({ tokenOf: () => "t", tokenRow: () => "token" }));
const { clockRow } = await import("../../../cli/doctor/clock.ts");
afterEach(() => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  sent.length = 0;
});

/** What the fix gives to a Worker that has nothing. */
async function given(receiver: string): Promise<unknown[]> {
  vi.stubEnv("CLOCK_GITHUB_TOKEN_STAGING", "github_pat_1");
  vi.stubGlobal("fetch", async (_: string, { method, body }: RequestInit) => {
    if (method === "PUT") sent.push(JSON.parse(String(body)));
    return Response.json({ result: [] });
  });
  const sources = { secrets: async () => ({ values: { ALERT_WEBHOOK_URL: receiver } }) };
  const plan = await clockRow({ name: "staging" } as never, sources as never).fix?.();
  await plan?.apply();
  return sent.map((secret) => (secret as { name: string }).name);
}

test.each([
  [
    "its token, and the receiver of alerts",
    "https://alerts.acme.co.uk/",
    ["GITHUB_TOKEN", "ALERT_WEBHOOK_URL"],
  ],
  ["no receiver where alerts are off", "off", ["GITHUB_TOKEN"]],
  ["nothing that is still to come", PENDING, ["GITHUB_TOKEN"]],
])("the clock is given %s", async (_, receiver, names) => {
  expect(await given(receiver)).toEqual(names);
  expect(sent[0]).toEqual({ name: "GITHUB_TOKEN", text: "github_pat_1", type: "secret_text" });
});
