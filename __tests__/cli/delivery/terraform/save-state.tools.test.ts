import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, afterEach, beforeEach, expect, test, vi } from "vitest";
import { applySaved, init, savedPlan } from "../../../../cli/shared/terraform-process.ts";
import { childEnvironment } from "../../../../lib/process-env.ts";
import { terraformEnvironment } from "../../../../lib/terraform-environment.ts";
import { StrictStore } from "../../../support/strict-store.ts";

// A store of the state that is away at the end of a deploy, as Terraform's own words have it: "Failed to save state".
const folder = mkdtempSync(join(tmpdir(), "left-"));
const stack = { stack: "staging", variables: {}, output: folder };
const place = join(folder, "stacks/staging");
let store = new StrictStore();
beforeEach(async () => {
  for (const [name, value] of Object.entries({
    AWS_ACCESS_KEY_ID: "id",
    AWS_SECRET_ACCESS_KEY: "secret",
    XDG_STATE_HOME: join(folder, "kept"),
  }))
    vi.stubEnv(name, value);
  vi.spyOn(process.stderr, "write").mockReturnValue(true);
  store = new StrictStore();
  await store.start();
  mkdirSync(place, { recursive: true });
  const s3 = {
    ...{ bucket: "b", key: "staging.tfstate", region: "auto", endpoints: { s3: store.endpoint } },
    ...{ use_path_style: true, use_lockfile: true, skip_s3_checksum: true, max_retries: 1 },
    ...{ skip_credentials_validation: true, skip_metadata_api_check: true },
    ...{ skip_region_validation: true, skip_requesting_account_id: true },
  };
  writeFileSync(
    join(place, "cdk.tf.json"),
    JSON.stringify({ terraform: { backend: { s3 } }, resource: { terraform_data: { one: { input: "1" } } } }),
  );
});
afterEach(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  await store.stop();
  for (const name of ["stacks", "kept"]) rmSync(join(folder, name), { recursive: true, force: true });
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Deploys while the store goes away after its first write, the lock, and comes back after so many further ones. */
async function deploy(writesAway: number, pauses: readonly number[]): Promise<string> {
  await init(stack);
  const plan = join(folder, "plan");
  await savedPlan(stack, plan, []);
  let writes = 0;
  store.isDown = () => ++writes > 1 && writes <= 1 + writesAway;
  return await applySaved(stack, plan, pauses).then(
    () => "deployed",
    (error: Error) => error.message,
  );
}

test("a store that is away for a moment gets the state and its lock back in the same run", async () => {
  const said = await deploy(2, [1, 1]);
  expect(said).toContain("staging: its state is saved after all. Run the same command again.");
  expect([...store.objects.keys()]).toEqual(["/b/staging.tfstate"]);
  expect(readdirSync(place)).not.toContain("errored.tfstate");
  await expect(savedPlan(stack, join(folder, "plan"), [])).resolves.toMatchObject({ changed: false });
});

test("a store that stays away: the state is kept where no checkout empties it, and the command saves it", async () => {
  const said = await deploy(1000, [1]);
  expect(said).toContain("out of service");
  expect(readdirSync(join(folder, "kept/olympus-infra"))).toEqual([
    expect.stringMatching(/^staging-\w{8}.tfstate$/),
  ]);
  // The next job of a runner: an empty folder, the same path.
  rmSync(join(place, ".terraform"), { recursive: true });
  await expect(init(stack)).rejects.toThrow("could not save their state");

  store.isDown = () => false;
  // By hand with what docs/runbooks/provision.md says to export for such a store.
  const run = async (command: string) =>
    await execa("bash", ["-c", command], { env: terraformEnvironment(), reject: false, all: true });
  const command = said.split("\n").find((line) => line.includes("-chdir=")) ?? "";
  const first = await run(command);
  expect(first.exitCode).toBe(1);
  const [, lock = ""] = /\bID:\s+([0-9a-f-]{36})/.exec(first.all) ?? [];
  const unlock = /`(terraform .* force-unlock) <ID>`/.exec(said)?.[1] ?? "";
  const pushed = await run(`${unlock} -force ${lock} && ${command}`);
  expect([pushed.exitCode, pushed.exitCode && pushed.all]).toEqual([0, 0]);
  expect(readdirSync(join(folder, "kept/olympus-infra"))).toEqual([]);
  await expect(init(stack)).resolves.toBe(0);
});

test("plain cdktf meets it too: nothing is synthesized beside a state that is not saved", async () => {
  const file = join(place, "errored.tfstate");
  const synth = () =>
    execa("node", ["scripts/run.mjs", "main.ts"], {
      env: childEnvironment({ CDKTF_OUTDIR: folder }),
      extendEnv: false,
      reject: false,
    });
  writeFileSync(file, "{}");
  const { exitCode, stderr } = await synth();
  expect([exitCode, stderr]).toEqual([1, expect.stringContaining(`state push ${file} && rm ${file}`)]);
  rmSync(file);
  expect((await synth()).exitCode).toBe(0);
  expect(existsSync(join(place, "cdk.tf.json"))).toBe(true);
});
