import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ensureHcloudProvider } from "../../sandbox/terraform/mirror.ts";
import { isRegistryReachable, registryHost } from "../../sandbox/terraform/registry.ts";

const reachable = await isRegistryReachable(await registryHost());

describe("the provider's source", () => {
  it("asks the CLI for its registry, and says which program is missing", async () => {
    expect(await registryHost()).toMatch(/^registry\./);
    await expect(registryHost("no-such-terraform")).rejects.toThrow(
      "Missing on this machine: no-such-terraform",
    );
  });

  it.runIf(reachable)("is the registry where that answers", async () => {
    expect(await ensureHcloudProvider(() => undefined)).toEqual({});
  });

  it.skipIf(reachable)("is one mirror for all who ask at once, and for hcloud only", async () => {
    const ask = () => ensureHcloudProvider(() => undefined);
    const [first, second] = await Promise.all([ask(), ask()]);
    expect(second).toEqual(first);
    const config = readFileSync(first?.cliConfig ?? "", "utf8");
    expect(config.match(/(include|exclude) = \["hetznercloud\/hcloud"\]/g)).toHaveLength(2);
  });

  it("takes a silent host for out of reach", async () => {
    expect(await isRegistryReachable("registry.invalid")).toBe(false);
  });
});
