import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type SandboxFixture, sandboxFixture } from "../delivery/terraform/sandbox-fixture.ts";

let fixture: SandboxFixture;
beforeAll(async () => {
  fixture = await sandboxFixture();
});
afterAll(async () => fixture?.close());

const servers = async (): Promise<unknown[]> => {
  const project = `${fixture.variables.HCLOUD_ENDPOINT?.replace("/v1", "")}/_sandbox/projects/staging`;
  return ((await (await fetch(project)).json()) as { servers: unknown[] }).servers;
};
// Its machine does not boot here: a release finds nobody.
const ELSEWHERE = ["--host", "127.0.0.1", "--port", "1"];

describe.sequential("olympus apply", () => {
  test("shows both stacks, the release and the order, and changes nothing: --dry-run", async () => {
    const { exitCode, stdout } = await fixture.olympus(["apply", "staging", "--dry-run"]);
    expect(stdout.indexOf("zone-your-app-com:")).toBeLessThan(stdout.indexOf("staging:"));
    expect(stdout).toContain("release of staging: not known here");
    expect(stdout).toContain("To bring it: ./olympus apply staging");
    expect(exitCode).toBe(0);
    expect(await servers()).toEqual([]);
  });

  test("refuses where no person can approve", async () => {
    const { exitCode, stderr } = await fixture.olympus(["apply", "staging"]);
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining("run this with --yes")]);
    expect(await servers()).toEqual([]);
  });

  test("deploys both stacks, then says why the release did not follow", async () => {
    const { exitCode, stdout, stderr } = await fixture.olympus(["apply", "staging", "--yes", ...ELSEWHERE]);
    expect(stdout).toContain("staging is deployed to");
    expect(stderr).toContain("127.0.0.1");
    expect(exitCode).toBe(1);
    expect(await servers()).toHaveLength(1);
    expect((await fixture.plan(["staging", "zone-your-app-com"])).code).toBe(0);
  });
});
