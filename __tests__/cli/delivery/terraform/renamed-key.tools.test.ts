import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type SandboxFixture, sandboxFixture } from "./sandbox-fixture.ts";

let fixture: SandboxFixture;
beforeAll(async () => {
  fixture = await sandboxFixture();
  await fixture.plan(["staging"]);
});
afterAll(async () => fixture?.close());

const keys = async (): Promise<{ id: number; name: string }[]> => {
  const project = `${fixture.variables.HCLOUD_ENDPOINT?.replace("/v1", "")}/_sandbox/projects/staging`;
  return ((await (await fetch(project)).json()) as { ssh_keys: { id: number; name: string }[] }).ssh_keys;
};

test("an operator's key survives ten renames, and the state of before: it is never made a second time", {
  timeout: 240_000,
}, async () => {
  const file = join(fixture.folder, "sandbox/cdktf.out/stacks/staging/cdk.tf.json");
  const synthesized = readFileSync(file, "utf8");
  const { moved } = JSON.parse(synthesized) as { moved: { from: string; to: string }[] };
  const [{ from, to } = { from: "", to: "" }] = moved;
  const targets = [from, to].map((address) => `-target=${address}`);
  const apply = () => fixture.terraform("staging", "apply", "-auto-approve", ...targets);

  const byOwner = JSON.parse(
    synthesized.replaceAll(to.split(".")[1] ?? "", from.split(".")[1] ?? ""),
  ) as object;
  writeFileSync(file, JSON.stringify({ ...byOwner, moved: [] }));
  await apply();
  const [before] = await keys();
  expect(before).toMatchObject({ name: "operator" });

  for (let rename = 0; rename < 10; rename++) {
    writeFileSync(file, synthesized.replaceAll('"name": "operator"', `"name": "owner-${rename}"`));
    await apply();
    const found = await keys();
    expect([found.length, found[0]?.id, found[0]?.name]).toEqual([1, before?.id, `owner-${rename}`]);
  }
});
