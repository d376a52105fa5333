import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, TerraformStack } from "cdktf";
import { execa } from "execa";
import { afterAll, describe, expect, test } from "vitest";
import { terraformBinary } from "../../lib/process-env.ts";
import { terraformEnvironment } from "../../lib/terraform-environment.ts";
import { addBackend } from "../../stacks/backend.ts";
import { STORE_REFUSALS, type StoreRefusal, StrictStore } from "../support/strict-store.ts";

const folder = mkdtempSync(join(tmpdir(), "olympus-store-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
// Of another stack in the environment, as a laptop may have it, and of this one in the file.
const KEYS = {
  AWS_ACCESS_KEY_ID: "another",
  AWS_SECRET_ACCESS_KEY: "stack's",
  AWS_SHARED_CREDENTIALS_FILE: join(folder, "credentials"),
};
writeFileSync(
  KEYS.AWS_SHARED_CREDENTIALS_FILE,
  "[olympus-staging]\naws_access_key_id = id\naws_secret_access_key = secret\n",
);
let made = 0;

/** The block by which a stack's state lies in a store, as our stacks have it. */
function backendFor(endpoint: string): Record<string, unknown> {
  const stack = new TerraformStack(new App({ outdir: join(folder, "app") }), "staging");
  addBackend(stack, { kind: "s3", bucketPrefix: "olympus-state", region: "auto", endpoint }, "staging");
  return (stack.toTerraform() as { terraform: { backend: { s3: Record<string, unknown> } } }).terraform
    .backend.s3;
}

/** Deploys one resource with its state in the store; what Terraform says, and its exit code. */
async function deploy(s3: Record<string, unknown>, variables: Record<string, string | undefined>) {
  const place = join(folder, `stack-${++made}`);
  mkdirSync(place);
  const document = { terraform: { backend: { s3 } }, resource: { terraform_data: { one: { input: "1" } } } };
  writeFileSync(join(place, "cdk.tf.json"), JSON.stringify(document));
  const run = (...args: string[]) =>
    execa(terraformBinary(), [...args, "-input=false", "-no-color"], {
      ...{ cwd: place, env: terraformEnvironment(variables), extendEnv: false, reject: false, all: true },
    });
  const begun = await run("init");
  return begun.exitCode === 0 ? await run("apply", "-auto-approve") : begun;
}

/** What goes out where one setting of ours is missing. */
const OTHERWISE: readonly {
  readonly refusal: StoreRefusal;
  readonly backend?: Record<string, unknown>;
  readonly variables?: Record<string, string | undefined>;
  /** A body that is signed as a whole needs none over plain HTTP, so Terraform sends none there. */
  readonly onlyOverTls?: boolean;
  readonly says?: string;
}[] = [
  { refusal: "encryption", backend: { encrypt: true } },
  {
    refusal: "trailer",
    variables: { AWS_REQUEST_CHECKSUM_CALCULATION: "when_supported" },
    onlyOverTls: true,
  },
  { refusal: "checksum", backend: { skip_s3_checksum: false } },
  {
    refusal: "chunked payload",
    variables: { AWS_REQUEST_CHECKSUM_CALCULATION: undefined },
    onlyOverTls: true,
  },
  {
    refusal: "host name of a bucket",
    backend: { use_path_style: false },
    says: "olympus-state-staging.localhost",
  },
];

describe.each(["http", "https"])("a store over %s", (scheme) => {
  const place = join(folder, scheme);
  const certificate = scheme === "https" ? { AWS_CA_BUNDLE: join(place, "ca.crt") } : {};
  const stores: StrictStore[] = [];
  const open = async (refuses?: readonly StoreRefusal[]): Promise<StrictStore> => {
    const store = new StrictStore(refuses);
    await store.start(scheme === "https" ? place : undefined);
    stores.push(store);
    return store;
  };
  afterAll(() => Promise.all(stores.map((store) => store.stop())));

  test("that refuses everything that any of them does keeps a state, and its lock", async () => {
    const store = await open();
    const { exitCode, all } = await deploy(backendFor(store.endpoint), { ...KEYS, ...certificate });
    expect([exitCode, store.refused, exitCode && all]).toEqual([0, [], 0]);
    expect([...store.objects.keys()]).toEqual(["/olympus-state-staging/staging.tfstate"]);
    expect(store.written.some((headers) => headers["if-none-match"] === "*")).toBe(true);
  });

  test.each(OTHERWISE)("refuses what it would be sent otherwise: $refusal", async (row) => {
    const store = await open([row.refusal]);
    const { exitCode, all = "" } = await deploy(
      { ...backendFor(store.endpoint), ...row.backend },
      { ...KEYS, ...certificate, ...row.variables },
    );
    const isSent = scheme === "https" || !row.onlyOverTls;
    expect([exitCode, isSent && all]).toEqual(
      isSent ? [1, expect.stringMatching(row.says ?? `this store\\s+takes no ${row.refusal}`)] : [0, false],
    );
  });
});

test("every refusal has what it would be sent", () => {
  expect(OTHERWISE.map(({ refusal }) => refusal)).toEqual(Object.keys(STORE_REFUSALS));
});
