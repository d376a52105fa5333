import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { childEnvironment } from "../../../lib/process-env.ts";
import { isLockLaid } from "../../../lib/provider-lock.ts";
import { READ_ONLY_INIT } from "../../../lib/terraform-environment.ts";
import { Checkout } from "../../support/checkout.ts";

// One sandbox of its own, used in order: from nothing to a deployed environment, and back to nothing.
const folder = mkdtempSync(join(tmpdir(), "olympus-sandbox-"));
const checkout = new Checkout();
const env = childEnvironment({ OLYMPUS_SANDBOX_DIR: folder, CI: "1" });
const run = async (file: string, args: string[], extra: Record<string, string | undefined> = {}) => {
  const { exitCode, stdout, stderr } = await execa(file, args, {
    cwd: checkout.root,
    env: { ...env, ...extra },
    extendEnv: false,
    reject: false,
    stdin: "ignore",
  });
  return { exitCode, stdout, stderr, all: stdout + stderr };
};
const olympus = (...args: string[]) => run("node", ["scripts/run.mjs", ...args]);
const provision = () => run("./scripts/provision.sh", ["--sandbox"], { ENV: "staging" });
const cdktf = (extra: Record<string, string>, ...args: string[]) =>
  run("node", ["scripts/run.mjs", "sandbox", "run", "--", "npx", "cdktf", ...args, "--no-color"], extra);

const session = (): { hetznerUrl: string } => JSON.parse(readFileSync(join(folder, "session.json"), "utf8"));
interface Project {
  servers: { id: number }[];
  volumes: { id: number }[];
  primary_ips: { id: number }[];
}
const project = async (name: string): Promise<Project> =>
  (await (await fetch(`${session().hetznerUrl}/_sandbox/projects/${name}`)).json()) as Project;
const control = (method: string, path: string, body?: object) =>
  fetch(`${session().hetznerUrl}/_sandbox${path}`, {
    method,
    ...(body && { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
  });
const ids = ({ servers, volumes, primary_ips }: Project) =>
  [servers, volumes, primary_ips].map((list) => list.map(({ id }) => id));

beforeAll(async () => {
  expect((await olympus("sandbox", "up")).exitCode).toBe(0);
});
afterAll(async () => {
  await olympus("sandbox", "down");
  checkout.remove();
  rmSync(folder, { recursive: true, force: true });
});

describe.sequential("an environment in the sandbox", () => {
  test("a failure half-way is told, and the same command goes on from there", async () => {
    await control("POST", "/shortages", { server_type: "cax11", location: "fsn1", count: 1 });
    const failed = await provision();
    expect(failed.exitCode).toBe(1);
    expect(failed.stderr).toContain("run the same command again");
    const end = failed.stderr.slice(failed.stderr.indexOf("Error:")).split("\n");
    expect(end.length).toBeLessThan(20);
    expect(end.join("\n")).toContain('provision.md#when-it-fails, row "resource_unavailable"');
    expect((await project("staging")).servers).toEqual([]);

    const resumed = await provision();
    expect(resumed.stderr).toContain("plan staging again");
    expect(resumed.exitCode).toBe(0);
    for (const part of [
      "staging-ciam.your-app.com/self-service/methods/oidc/callback/google",
      "staging mirrors prod",
      "staging is deployed to the emulated clouds of this computer",
      "a second plan is empty",
      "until `./olympus sandbox down`",
      "EUR a month",
      "10.66.0.",
    ])
      expect(resumed.stdout).toContain(part);
  });

  test("a second run changes nothing", async () => {
    const before = await project("staging");
    const { exitCode, stdout } = await provision();
    expect(exitCode).toBe(0);
    expect(stdout).toContain("nothing was changed by this run.");
    expect(stdout).not.toContain("/self-service/methods/oidc/callback/google");
    expect(await project("staging")).toEqual(before);
  });

  test("its providers are locked, and what runs in it only reads the lock", async () => {
    for (const stack of ["staging", "zone-your-app-com"])
      expect(isLockLaid(join(folder, "cdktf.out", "stacks", stack))).toBe(true);
    const { all } = await run("node", ["scripts/run.mjs", "sandbox", "run", "--", "env"]);
    expect(all).toContain(`TF_CLI_ARGS_init=${READ_ONLY_INIT.TF_CLI_ARGS_init}\n`);
  });

  test("cdktf diff shows no change, then exactly the drift", async () => {
    expect((await cdktf({}, "diff", "staging")).all).toContain("No changes");
    const [server] = (await project("staging")).servers;
    await control("PATCH", `/projects/staging/servers/${server?.id}`, {
      labels: { "managed-by": "somebody" },
    });
    const { all } = await cdktf({}, "diff", "staging");
    expect(all).toMatch(/"managed-by"\s+= "somebody" -> "olympus-infra"/);
    expect(all).toContain("Plan: 0 to add, 1 to change, 0 to destroy.");
    expect((await provision()).exitCode).toBe(0);
  });

  test("prod deploys beside it with tokens of its own", async () => {
    const { exitCode, all } = await cdktf({}, "deploy", "prod", "--auto-approve");
    expect(all).toContain("https://ciam.your-app.com");
    expect(exitCode).toBe(0);
    expect((await cdktf({}, "diff", "prod")).all).toContain("No changes");
  });

  test("its secrets are whole, with the certificates that the emulated Cloudflare signed, and apart from the checkout's", async () => {
    const secrets = () => olympus("sandbox", "secrets");
    const ofCheckout = () => [
      readdirSync(join(checkout.root, "secrets")),
      existsSync(join(checkout.root, ".sops.yaml")),
    ];
    const before = ofCheckout();
    expect((await secrets()).exitCode).toBe(0);
    for (const name of ["prod", "staging"]) {
      const { exitCode, all } = await run("node", [
        ...["scripts/run.mjs", "sandbox", "run", "--"],
        ...["node", "scripts/run.mjs", "secrets", "check", name],
      ]);
      expect(all).toContain("keys are valid");
      expect(exitCode).toBe(0);
    }
    const sealed = readFileSync(join(folder, "sealed", "secrets", "staging.yaml"), "utf8");
    expect((await secrets()).exitCode).toBe(0);
    expect(readFileSync(join(folder, "sealed", "secrets", "staging.yaml"), "utf8")).toBe(sealed);
    expect(ofCheckout()).toEqual(before);
    expect(statSync(join(folder, "age", "keys.txt")).mode & 0o777).toBe(0o600);
  });

  test("volume and addresses refuse destruction", async () => {
    const before = ids(await project("staging"));
    // Refused by the synth before it: of Terraform's own refusal cdktf-cli may lose the last lines.
    for (let time = 0; time < 3; time++) {
      const { exitCode, all } = await cdktf({}, "destroy", "staging", "--auto-approve");
      expect([time, exitCode, all]).toEqual([
        time,
        1,
        expect.stringContaining("OLYMPUS_ALLOW_DESTROY=staging"),
      ]);
    }
    const place = join(folder, "cdktf.out/stacks/staging");
    const own = await run("node", [
      ...["scripts/run.mjs", "sandbox", "run", "--", "terraform", `-chdir=${place}`],
      ...["destroy", "-auto-approve", "-input=false", "-no-color"],
    ]);
    expect([own.exitCode, own.all]).toEqual([1, expect.stringContaining("Instance cannot be destroyed")]);
    expect(ids(await project("staging"))).toEqual(before);
  });

  test("the override of one environment leaves the other guarded", async () => {
    const override = { OLYMPUS_ALLOW_DESTROY: "staging" };
    const prod = ids(await project("prod"));
    expect((await cdktf(override, "destroy", "prod", "--auto-approve")).exitCode).toBe(1);
    expect(ids(await project("prod"))).toEqual(prod);
    // First an apply that lifts Hetzner's own protection, then the destroy.
    expect((await cdktf(override, "deploy", "staging", "--auto-approve")).exitCode).toBe(0);
    const { exitCode, all } = await cdktf(override, "destroy", "staging", "--auto-approve");
    expect(all).toContain("Destroy complete");
    expect(exitCode).toBe(0);
    expect(ids(await project("staging"))).toEqual([[], [], []]);
    expect(ids(await project("prod"))).toEqual(prod);
  });
});

describe("a real deploy", () => {
  const bare = { ENV: "staging", HCLOUD_TOKEN_STAGING: "x" };

  test("names exactly the tokens that are missing, and starts nothing", async () => {
    const { exitCode, stderr } = await run("./scripts/provision.sh", ["--yes"], bare);
    expect(stderr).toContain("CLOUDFLARE_API_TOKEN_STAGING");
    expect(stderr).toContain("CLOUDFLARE_API_TOKEN_ZONE_YOUR_APP_COM");
    expect(stderr).not.toContain("HCLOUD_TOKEN_STAGING");
    expect(exitCode).toBe(1);
  });

  test("asks which environment, and knows only those that are declared", async () => {
    expect((await run("./scripts/provision.sh", ["--sandbox"], { ENV: undefined })).stderr).toContain("ENV");
    const { exitCode, stderr } = await run("./scripts/provision.sh", ["--sandbox"], { ENV: "production" });
    expect(stderr).toContain("prod, staging");
    expect(exitCode).toBe(1);
  });

  test("says in one line each what the machine lacks", async () => {
    const { exitCode, stderr } = await run("/bin/bash", ["scripts/provision.sh"], {
      PATH: "/nowhere",
      ENV: "",
    });
    expect(stderr).toMatch(/Missing: node: install/);
    expect(exitCode).toBe(1);
  });
});
