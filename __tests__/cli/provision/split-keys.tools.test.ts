import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { childEnvironment } from "../../../lib/process-env.ts";
import { Checkout } from "../../support/checkout.ts";
import { KeyStore } from "./key-store.ts";

// An installed fleet whose states lie in one bucket that one key opens, as earlier versions had it; used in order.
const folder = mkdtempSync(join(tmpdir(), "olympus-split-"));
const STACKS = ["prod", "staging", "zone-your-app-com"];
const store = new KeyStore(join(folder, "store"), [
  "olympus-shared",
  ...STACKS.map((one) => `olympus-${one}`),
]);
const checkout = new Checkout();
const variables = (): Record<string, string> => ({
  ...childEnvironment({
    ...{ OLYMPUS_SANDBOX_DIR: join(folder, "sandbox"), CI: "1" },
    ...{ NODE_EXTRA_CA_CERTS: store.authority(), AWS_CA_BUNDLE: store.authority() },
    AWS_SHARED_CREDENTIALS_FILE: store.credentials(),
  }),
});
const olympus = (...args: string[]) =>
  execa("node", ["scripts/run.mjs", ...args], {
    ...{ cwd: checkout.root, env: variables(), extendEnv: false, reject: false, stdin: "ignore", all: true },
  });
const SPLIT = ["split-keys", "--bucket", "acme-state"];
const splitKeys = (...args: string[]) => olympus("sandbox", "run", "--", "./olympus", ...SPLIT, ...args);
const old = (stack: string) => store.ask("olympus-shared", "GET", `acme-state/${stack}.tfstate`);
const own = (stack: string) => store.ask(`olympus-${stack}`, "GET", `acme-state-${stack}/${stack}.tfstate`);
const lockOf = (stack: string) => `acme-state/${stack}.tfstate.tflock`;

/** Kills a run, and all that it has started, some milliseconds after it has said that. */
async function killedAt(words: string): Promise<void> {
  const run = execa("node", ["scripts/run.mjs", "sandbox", "run", "--", "./olympus", ...SPLIT, "--yes"], {
    ...{ cwd: checkout.root, env: variables(), extendEnv: false, reject: false, detached: true },
  });
  let said = "";
  run.stderr.on("data", async (part: Buffer) => {
    if (said.includes(words)) return;
    said += part.toString();
    if (!said.includes(words)) return;
    await sleep(Math.random() * 60);
    process.kill(-(run.pid ?? 0), "SIGKILL");
  });
  await run;
  expect(said).toContain(words);
}

/** Terraform in the stack as the earlier version had written it: its state in the shared bucket. */
const earlierTerraform = async (...args: string[]) => {
  const place = join(folder, "earlier");
  mkdirSync(place, { recursive: true });
  const document = readFileSync(join(folder, "sandbox/cdktf.out/stacks/staging/cdk.tf.json"), "utf8");
  const earlier = document
    .replace(/("bucket": )"acme-state-staging"/, '$1"acme-state"')
    .replace(/("profile": )"olympus-staging"/, '$1"olympus-shared"');
  writeFileSync(join(place, "cdk.tf.json"), earlier);
  const terraform = ["env", "TF_CLI_ARGS_init=", "terraform", `-chdir=${place}`];
  return await olympus("sandbox", "run", "--", ...terraform, ...args, "-input=false", "-no-color");
};

let before: string[];
beforeAll(async () => {
  await store.start();
  expect((await store.ask("olympus-shared", "PUT", "acme-state")).status).toBe(200);
  for (const stack of STACKS)
    expect((await store.ask(`olympus-${stack}`, "PUT", `acme-state-${stack}`)).status).toBe(200);
  checkout.plant(
    "config/base.ts",
    'state: { kind: "local" }',
    `state: { kind: "s3", bucketPrefix: "acme-state", region: "us-east-1", endpoint: "${store.endpoint}" }`,
  );
  for (const environment of ["staging", "prod"]) {
    const { exitCode, all } = await olympus("provision", environment, "--sandbox");
    expect([exitCode, exitCode && all]).toEqual([0, 0]);
  }
  // Today's program refuses to write them there, so they are put there.
  before = [];
  for (const stack of STACKS) {
    const { body } = await own(stack);
    before.push(body);
    expect((await store.ask("olympus-shared", "PUT", `acme-state/${stack}.tfstate`, body)).status).toBe(200);
    await store.ask(`olympus-${stack}`, "DELETE", `acme-state-${stack}/${stack}.tfstate`);
  }
});
afterAll(async () => {
  await olympus("sandbox", "down");
  await store.stop();
  checkout.remove();
  rmSync(folder, { recursive: true, force: true });
});

describe.sequential("an installed fleet", () => {
  test("shows first what would be copied, and asks", async () => {
    const { exitCode, stdout } = await splitKeys("--dry-run");
    expect([exitCode, stdout]).toEqual([
      0,
      expect.stringContaining("staging: copy from acme-state to acme-state-staging"),
    ]);
    expect((await splitKeys()).stderr).toContain("--yes copies without asking");
    for (const stack of STACKS) expect((await own(stack)).status).toBe(404);
  });

  test("is not taken over while a deploy of it runs", async () => {
    const running = JSON.stringify({
      ID: "1",
      Operation: "OperationTypeApply",
      Who: "ada@laptop",
      Created: "now",
    });
    await store.ask("olympus-shared", "PUT", lockOf("staging"), running);
    const { exitCode, stderr } = await splitKeys("--yes");
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining("locked by ada@laptop since now")]);
    expect((await own("staging")).status).toBe(404);
    await store.ask("olympus-shared", "DELETE", lockOf("staging"));
  });

  test("is taken over by one command, however often that was killed, and nothing is lost", async () => {
    for (const stack of STACKS) await killedAt(`take over the state of ${stack} ...`);
    const { exitCode, stdout, all } = await splitKeys("--yes");
    for (const stack of STACKS) expect(stdout, all).toContain(`${stack}: no changes`);
    expect([exitCode, stdout]).toEqual([
      2,
      expect.stringContaining("! olympus-shared: opens it (acme-state: read and write)"),
    ]);
    for (const [index, stack] of STACKS.entries()) {
      expect((await own(stack)).body).toBe(before[index]);
      expect((await old(stack)).body).toBe(before[index]);
    }
  });

  test("cannot be deployed by an earlier checkout any more", async () => {
    const begun = await earlierTerraform("init");
    expect([begun.exitCode, begun.exitCode && begun.all]).toEqual([0, 0]);
    const { exitCode, all } = await earlierTerraform("plan");
    expect([exitCode, all]).toEqual([1, expect.stringMatching(/state lock[\s\S]*acme-state-staging/)]);
  });

  test("finds a key that opens another stack's state", async () => {
    const both = ["olympus-prod", "olympus-staging"].map((profile) => store.keys[profile]?.accessKeyId);
    const policy = {
      Version: "2012-10-17",
      Statement: [
        {
          ...{ Effect: "Allow", Principal: { AWS: both }, Action: "s3:*" },
          Resource: ["arn:aws:s3:::acme-state-prod", "arn:aws:s3:::acme-state-prod/*"],
        },
      ],
    };
    await store.ask("olympus-prod", "PUT", "acme-state-prod?policy=", JSON.stringify(policy));
    const { exitCode, stdout } = await splitKeys("--yes");
    await store.ask("olympus-prod", "DELETE", "acme-state-prod?policy=");
    expect([exitCode, stdout]).toEqual([
      2,
      expect.stringContaining("! olympus-staging: opens it (acme-state-prod: read and write)"),
    ]);
  });

  test("is at the end once the old key is revoked: it is tried, and opens nothing", async () => {
    await store.revoke("olympus-shared");
    const { exitCode, stdout, all } = await splitKeys("--yes");
    expect([exitCode, exitCode && all]).toEqual([0, 0]);
    expect(stdout).toContain("13 tries: the old keys open nothing, and no key opens another stack's state.");
    expect(stdout).not.toContain("opens it");
    const deployed = await olympus("provision", "staging", "--sandbox");
    expect([deployed.exitCode, deployed.stderr]).toEqual([0, expect.stringContaining("plan staging again")]);
  });
});
