import { readdirSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ensureNodePackages, NODE_PACKAGES } from "../../sandbox/programs/node-packages.ts";
import { Checkout } from "../support/checkout.ts";
import { onlyAccepted } from "../support/said.ts";

// The way from cdktf to its fork, as docs/decisions/016 has it: one alias in the launcher.
const checkout = new Checkout();
const ours = join(checkout.root, "of-cdktf");
const forks = join(checkout.root, "cdktf.out");

beforeAll(async () => {
  const fork = join(await ensureNodePackages("cdktn", () => undefined), "cdktn");
  expect(await checkout.synth()).toEqual({ exitCode: 0, stderr: onlyAccepted });
  renameSync(forks, ours);
  checkout.plant("scripts/run.mjs", "alias: {", `alias: { cdktf: ${JSON.stringify(fork)},`);
  expect(await checkout.synth()).toEqual({ exitCode: 0, stderr: onlyAccepted });
});
afterAll(() => checkout.remove());

const frameworkVersion = JSON.parse(readFileSync("node_modules/cdktf/package.json", "utf8")).version;
const stacks = (folder: string) => readdirSync(join(folder, "stacks"));
const text = (folder: string, stack: string) =>
  readFileSync(join(folder, "stacks", stack, "cdk.tf.json"), "utf8");
/** What the framework says of itself, and what it wrote for Terraform, to the byte. */
const parts = (json: string) => {
  const end = json.indexOf("\n  },\n", json.indexOf('\n  "//": {\n')) + "\n  },\n".length;
  return { version: JSON.parse(json)["//"].metadata.version, forTerraform: json.slice(end) };
};

test("every stack is written, by the fork", () => {
  expect(stacks(forks)).toEqual(stacks(ours));
  for (const stack of stacks(ours)) {
    expect(parts(text(ours, stack)).version).toBe(frameworkVersion);
    expect(parts(text(forks, stack)).version).toBe(NODE_PACKAGES.cdktn.cdktn);
  }
});

test("what Terraform reads is the same to the byte", () => {
  for (const stack of stacks(ours)) {
    const { forTerraform } = parts(text(ours, stack));
    expect(forTerraform).toMatch(/^ {2}"(moved|output|provider)": /);
    expect(parts(text(forks, stack)).forTerraform, stack).toBe(forTerraform);
  }
});
