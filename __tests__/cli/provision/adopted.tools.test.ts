import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { childEnvironment } from "../../../lib/process-env.ts";
import { type SandboxFixture, sandboxFixture } from "../delivery/terraform/sandbox-fixture.ts";

// What Terraform leaves when it is killed between a cloud's answer and its own note of it, planted one by one.
let fixture: SandboxFixture;
let place: string;
beforeAll(async () => {
  fixture = await sandboxFixture();
  place = join(fixture.folder, "sandbox/cdktf.out/stacks/staging");
  expect((await provision()).exitCode).toBe(0);
});
afterAll(async () => fixture?.close());

const provision = () =>
  execa("node", [join(fixture.root, "scripts/run.mjs"), "provision", "staging", "--sandbox"], {
    env: childEnvironment({ ...fixture.variables, OLYMPUS_SANDBOX_DIR: `${fixture.folder}/sandbox` }),
    extendEnv: false,
    reject: false,
  });
const addresses = () => {
  const { resource } = JSON.parse(readFileSync(join(place, "cdk.tf.json"), "utf8"));
  const all = Object.entries(resource as Record<string, object>).flatMap(([type, named]) =>
    Object.keys(named).map((name) => `${type}.${name}`),
  );
  // A second certificate or trigger beside the first is taken as it is, and an attachment has no name.
  const named = all.filter((address) => !/certificate|trigger|attachment/.test(address));
  return named.map((address) => (address.startsWith("hcloud_server.") ? `${address}[0]` : address));
};
const forget = async (...names: readonly string[]) => {
  for (const name of names) await fixture.terraformState("staging", "rm", name);
};

test("what a killed apply has made is taken in by the next one, whatever it is", {
  timeout: 300_000,
}, async () => {
  const lost = addresses().filter((address) => !/^hcloud_(server|volume)/.test(address));
  expect(lost.length).toBeGreaterThan(8);
  await forget(...lost);
  writeFileSync(join(place, "begun.json"), JSON.stringify(lost));
  const { exitCode, stderr } = await provision();
  expect([exitCode, exitCode && stderr]).toEqual([0, 0]);
  for (const address of lost)
    expect(stderr).toContain(`${address} was made by a run that was killed: taken into the state`);
  expect((await fixture.plan(["staging"])).code).toBe(0);
});

test("beside an address whose making an interrupt met: the provider has noted its id alone", {
  timeout: 300_000,
}, async () => {
  const [address = "", firewall = ""] = ["hcloud_primary_ip.address-ipv6", "hcloud_firewall."].map((start) =>
    addresses().find((one) => one.startsWith(start)),
  );
  await forget(firewall);
  const half = JSON.parse(await fixture.terraformState("staging", "pull"));
  const [kind, name] = address.split(".");
  const [{ instances }] = half.resources.filter(
    (one: { type: string; name: string }) => one.type === kind && one.name === name,
  );
  Object.assign(instances[0], { status: "tainted" });
  instances[0].attributes.ip_network = null;
  half.serial += 1;
  writeFileSync(join(fixture.folder, "half.json"), JSON.stringify(half));
  await fixture.terraformState("staging", "push", join(fixture.folder, "half.json"));
  writeFileSync(join(place, "begun.json"), JSON.stringify([address, firewall]));
  const { exitCode, stderr } = await provision();
  expect([exitCode, exitCode && stderr]).toEqual([0, 0]);
  expect(stderr).toContain(`${firewall} was made by a run that was killed`);
});

test("a machine and its volume too, without losing the volume", { timeout: 300_000 }, async () => {
  const lost = addresses().filter((address) => /^hcloud_(server|volume)/.test(address));
  await forget("hcloud_volume_attachment.server-data[0]", ...lost);
  writeFileSync(join(place, "begun.json"), JSON.stringify(lost));
  const { exitCode, stderr } = await provision();
  expect([exitCode, exitCode && stderr]).toEqual([0, 0]);
  expect(stderr).toContain("hcloud_volume.data was made by a run that was killed");
});

test("what no apply of this computer was about to make is for a person to judge", async () => {
  const [firewall = ""] = addresses().filter((address) => address.startsWith("hcloud_firewall."));
  await forget(firewall);
  const { exitCode, stderr } = await provision();
  expect([exitCode, stderr]).toEqual([1, expect.stringContaining("is not in the state")]);
});
