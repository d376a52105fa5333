import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { childEnvironment } from "../../../lib/process-env.ts";
import { Checkout } from "../../support/checkout.ts";

// The form that is recommended: a registrable domain of its own for staging. One value of its file and one zone in the base.
const ZONE = "0".repeat(31).concat("9");
const checkout = new Checkout();
const folder = mkdtempSync(join(tmpdir(), "olympus-own-zone-"));
const run = async (file: string, args: readonly string[], extra: Record<string, string> = {}) => {
  const { exitCode, stdout, stderr } = await execa(file, args, {
    cwd: checkout.root,
    env: childEnvironment({ OLYMPUS_SANDBOX_DIR: folder, CI: "1", ...extra }),
    ...{ extendEnv: false, reject: false, stdin: "ignore" },
  });
  return { exitCode, stdout, stderr };
};
const olympus = (...args: string[]) => run("node", ["scripts/run.mjs", ...args]);

interface Session {
  readonly cloudflareUrl: string;
  readonly tokens: Record<string, string>;
}
const cloudflare = async (stack: string, method: string, path: string, body?: unknown) => {
  const { cloudflareUrl, tokens } = JSON.parse(readFileSync(join(folder, "session.json"), "utf8")) as Session;
  const answer = await fetch(`${cloudflareUrl}/client/v4/${path}`, {
    method,
    headers: { authorization: `Bearer ${tokens[`cloudflare_token_${stack.replaceAll("-", "_")}`]}` },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const { result } = (await answer.json()) as { result: { id: string; name: string }[] };
  return { status: answer.status, result };
};

beforeAll(async () => {
  cpSync(".github", join(checkout.root, ".github"), { recursive: true });
  checkout.plant("config/staging.ts", "staging.your-app.com", "your-app-staging.net");
  checkout.plant("config/base.ts", "zones: {", `zones: { "your-app-staging.net": "${ZONE}",`);
  expect((await olympus("csr", "staging")).exitCode).toBe(0);
});
afterAll(async () => {
  await olympus("sandbox", "down");
  checkout.remove();
  rmSync(folder, { recursive: true, force: true });
});

describe.sequential("staging in a zone and a domain of its own", () => {
  test("has no path into production, and needs nothing accepted but the plans of pull requests", async () => {
    const before = await olympus("containment");
    expect([before.exitCode, before.stdout]).toEqual([
      0,
      expect.stringMatching(/no path needs it: shared-zone, shared-site\b/),
    ]);
    for (const entry of ["shared-zone", "shared-site", "plan-on-a-laptop"])
      checkout.plant("config/base.ts", `"${entry}"`, `// "${entry}"`);
    const { exitCode, stdout } = await olympus("containment", "--json");
    const { findings, accepted, unused } = JSON.parse(stdout);
    expect([exitCode, findings, unused]).toEqual([0, [], []]);
    expect(new Set(accepted.map(({ from }: { from: string }) => from))).toEqual(
      new Set(["pull request of this repository"]),
    );
  });

  test("is a mirror of production", async () => {
    const { exitCode, stdout } = await olympus("parity");
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining("staging mirrors prod")]);
  });

  test.each(["staging", "prod"])("%s is deployed with its zone, and a second plan is empty", async (name) => {
    const { exitCode, stdout, stderr } = await olympus("provision", name, "--sandbox");
    const zone = name === "staging" ? "zone-your-app-staging-net" : "zone-your-app-com";
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining(`plan ${zone} again`)]);
    expect(stderr).toContain(`plan ${name} again`);
    expect(stdout).toContain("staging mirrors prod");
  });

  test("its tokens write its own zone, and neither see nor change production's", async () => {
    const theirs = "zones/00000000000000000000000000000001";
    const [www] = (await cloudflare("prod", "GET", `${theirs}/dns_records`)).result;
    const record = { type: "A", name: "new", content: "203.0.113.9", ttl: 300 };
    for (const stack of ["staging", "zone-your-app-staging-net"]) {
      expect((await cloudflare(stack, "GET", "zones")).result.map(({ name }) => name)).toEqual([
        "your-app-staging.net",
      ]);
      expect((await cloudflare(stack, "POST", `${theirs}/dns_records`, record)).status).toBe(403);
      expect((await cloudflare(stack, "PATCH", `${theirs}/dns_records/${www?.id}`, record)).status).toBe(403);
      expect((await cloudflare(stack, "PATCH", `${theirs}/settings/ssl`, { value: "off" })).status).toBe(403);
    }
    expect((await cloudflare("staging", "POST", `zones/${ZONE}/dns_records`, record)).status).toBe(200);
  });

  test("whoever has staging's token alone plans and applies nothing of production", async () => {
    const { tokens } = JSON.parse(readFileSync(join(folder, "session.json"), "utf8")) as Session;
    const staging = tokens.cloudflare_token_staging ?? "";
    const { exitCode, stdout, stderr } = await run("node", [
      ...["scripts/run.mjs", "sandbox", "run", "--", "env", `TF_VAR_cloudflare_token_prod=${staging}`],
      ...[
        "terraform",
        `-chdir=${join(folder, "cdktf.out/stacks/prod")}`,
        "plan",
        "-input=false",
        "-no-color",
      ],
    ]);
    expect([exitCode, stdout + stderr]).toEqual([1, expect.stringMatching(/403|9109|Unauthorized/)]);
  });
});
