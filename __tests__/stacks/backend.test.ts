import { tmpdir } from "node:os";
import { App } from "cdktf";
import { expect, test } from "vitest";
import { loadFleet } from "../../config/index.ts";
import type { Base } from "../../config/load/schema.ts";
import { checkFleet, declare } from "../../stacks/program.ts";
import { base } from "../support/fleet/base.ts";
import { fixture } from "../support/fleet/source.ts";

function backends(state: Base["state"], stateDirectory?: string): Record<string, unknown> {
  const app = new App({ outdir: tmpdir() });
  declare(app, loadFleet({ ...fixture, base: { ...base, state } }), stateDirectory);
  return Object.fromEntries(
    app.node.children.map((stack) => {
      const { terraform } = (
        stack as unknown as { toTerraform(): { terraform: { backend: unknown } } }
      ).toTerraform();
      return [stack.node.id, terraform.backend];
    }),
  );
}

const S3: Base["state"] = {
  kind: "s3",
  bucketPrefix: "olympus-state",
  region: "auto",
  endpoint: "https://store.example.com",
};

const AMAZON: Base["state"] = { kind: "s3", bucketPrefix: "olympus-state", region: "eu-central-1" };

test("by default the state lies beside the configuration, by a relative path of its own", () => {
  expect(backends({ kind: "local" })).toEqual({
    prod: { local: { path: "../../../state/prod.tfstate" } },
    staging: { local: { path: "../../../state/staging.tfstate" } },
    "zone-your-app-com": { local: { path: "../../../state/zone-your-app-com.tfstate" } },
  });
});

test("the state can be put elsewhere for one run", () => {
  expect(backends({ kind: "local" }, "/elsewhere").prod).toEqual({
    local: { path: "/elsewhere/prod.tfstate" },
  });
});

test("an S3-compatible store is locked by file, keyed by stack, and sent nothing that only Amazon takes", () => {
  const { prod, staging } = backends(S3);
  const elsewhere = { use_lockfile: true, use_path_style: true, skip_s3_checksum: true };
  expect([prod, staging]).toMatchObject([
    {
      s3: {
        ...elsewhere,
        bucket: "olympus-state-prod",
        profile: "olympus-prod",
        skip_region_validation: true,
      },
    },
    { s3: { ...elsewhere, bucket: "olympus-state-staging", profile: "olympus-staging" } },
  ]);
  expect(JSON.stringify([prod, staging])).not.toContain("encrypt");
});

test("Amazon's own is encrypted too", () => {
  expect(backends(AMAZON)).toMatchObject({
    prod: { s3: { key: "prod.tfstate", use_lockfile: true, encrypt: true } },
  });
});

test("no backend breaks parity or a rule", () => {
  for (const state of [S3, AMAZON, { kind: "local" } as const]) {
    const { parity, policy } = checkFleet(loadFleet({ ...fixture, base: { ...base, state } }));
    expect(parity.flatMap(({ findings }) => findings)).toEqual([]);
    expect(policy).toEqual([]);
  }
});
