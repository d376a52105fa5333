import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { childEnvironment } from "../../lib/process-env.ts";
import { ensureNodePackages } from "../../sandbox/programs/node-packages.ts";
import { ensureProgram } from "../../sandbox/programs/programs.ts";
import { Checkout } from "../support/checkout.ts";
import { NODES, nodeEnvironment } from "./node-versions.ts";

// The ways out, walked with real deploys into a sandbox: docs/decisions/016 and 017.
const folder = mkdtempSync(join(tmpdir(), "olympus-exit-"));
type Variables = Record<string, string | undefined>;
const run = async (command: readonly string[], env: Variables, cwd = ".") => {
  const [file = "", ...args] = command;
  const { exitCode, all } = await execa(file, args, {
    cwd,
    env: childEnvironment({ OLYMPUS_SANDBOX_DIR: folder, CHECKPOINT_DISABLE: "1", CI: "1", ...env }),
    extendEnv: false,
    all: true,
    reject: false,
    stdin: "ignore",
  });
  return { exitCode, all };
};
const sandbox = (args: readonly string[], env: Variables = {}, cwd?: string) =>
  run(["node", "scripts/run.mjs", "sandbox", ...args], env, cwd);
const NO_CHANGES = { exitCode: 0, all: expect.stringContaining("No changes. Your infrastructure matches") };
const DEPLOYED = { exitCode: 0, all: expect.stringContaining("https://") };

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(NODES)("on %s", (node) => {
  afterEach(() => sandbox(["reset"]));

  test("the README's first command deploys, and its second plan is empty", async () => {
    const env = await nodeEnvironment(node, { ENV: "staging" });
    const { exitCode, all } = await run(["./scripts/provision.sh", "--sandbox"], env);
    expect(all).toMatch(/plan staging again: .* s/);
    expect(exitCode).toBe(0);
  });
});

describe.sequential("what cdktf and Terraform deployed", () => {
  const checkout = new Checkout();
  let tofu: string;
  /** cdktf, or what stands in its place, with this Terraform or OpenTofu. */
  const cdktf = (args: readonly string[], terraform?: string) =>
    sandbox(["run", "--", "npx", "cdktf", ...args, "--no-color"], { TERRAFORM_BINARY_NAME: terraform });
  const cdktn = async (...args: readonly string[]) => {
    const command = join(await ensureNodePackages("cdktn-cli", () => undefined), ".bin", "cdktn");
    const env = await nodeEnvironment("node-24");
    return sandbox(["run", "--", command, ...args, "--no-color"], { PATH: env.PATH }, checkout.root);
  };
  /** The clouds stay; what meets them is this Terraform or OpenTofu, with its own registry's providers. */
  const changeTo = async (terraform?: string) => {
    await sandbox(["down"]);
    expect((await sandbox(["up"], { TERRAFORM_BINARY_NAME: terraform })).exitCode).toBe(0);
  };
  const registries = (stack: string): string[] => {
    const { resources } = JSON.parse(readFileSync(join(folder, "state", `${stack}.tfstate`), "utf8"));
    return [...new Set((resources as { provider: string }[]).map(({ provider }) => provider.slice(10, -2)))];
  };

  beforeAll(async () => {
    tofu = await ensureProgram("tofu", () => undefined);
    const fork = join(await ensureNodePackages("cdktn", () => undefined), "cdktn");
    checkout.plant("scripts/run.mjs", "alias: {", `alias: { cdktf: ${JSON.stringify(fork)},`);
    await changeTo();
    expect(await cdktf(["deploy", "staging", "--auto-approve"])).toMatchObject(DEPLOYED);
  });
  afterAll(async () => {
    await sandbox(["reset"]);
    checkout.remove();
  });

  test("is what the fork and its command line find, and cdktf finds what they deploy", async () => {
    expect(await cdktn("diff", "staging")).toMatchObject(NO_CHANGES);
    expect(await cdktn("deploy", "prod", "--auto-approve")).toMatchObject(DEPLOYED);
    expect(await cdktf(["diff", "prod"])).toMatchObject(NO_CHANGES);
  });

  test("is what OpenTofu finds, and with its first deploy the state names OpenTofu's registry", async () => {
    expect(registries("staging").every((name) => name.startsWith("registry.terraform.io/"))).toBe(true);
    await changeTo(tofu);
    expect(await cdktf(["diff", "staging"], tofu)).toMatchObject(NO_CHANGES);
    expect(await cdktf(["deploy", "staging", "--auto-approve"], tofu)).toMatchObject(DEPLOYED);
    expect(registries("staging").every((name) => name.startsWith("registry.opentofu.org/"))).toBe(true);
  });

  test("comes back to Terraform once its state names Terraform's registry again, and not before", async () => {
    await changeTo();
    const { all } = await cdktf(["diff", "staging"]);
    expect(all).toContain("registry.opentofu.org/hetznercloud/hcloud");
    const stack = join(folder, "cdktf.out", "stacks", "staging");
    for (const from of registries("staging")) {
      const to = from.replace("registry.opentofu.org", "registry.terraform.io");
      const replace = ["terraform", "state", "replace-provider", "-auto-approve", from, to];
      expect((await run(replace, {}, stack)).exitCode).toBe(0);
    }
    expect(await cdktf(["diff", "staging"])).toMatchObject(NO_CHANGES);
  });
});
