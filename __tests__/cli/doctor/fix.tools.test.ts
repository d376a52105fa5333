import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import type { Fleet } from "../../../config/index.ts";
import { FleetAround, TOKENS } from "./doctor-fixture.ts";

const made = vi.hoisted(() => ({
  changed: undefined as ((fleet: Fleet) => Fleet) | undefined,
  agrees: true,
  asked: 0,
}));
vi.mock("../../../config/index.ts", async (original) => {
  const real = await original<typeof import("../../../config/index.ts")>();
  const { fixture } = await import("../../support/fleet/source.ts");
  const load = () => made.changed?.(real.loadFleet(fixture, {})) ?? real.loadFleet(fixture, {});
  return { ...real, shipped: fixture, loadFleet: load };
});
vi.mock("../../../cli/shared/terraform.ts", () => ({
  deployedOutputs: async () => ({ server_ipv4: "192.0.2.10" }),
}));
vi.mock("../../../cli/shared/prompt.ts", () => ({
  confirm: async () => {
    made.asked += 1;
    return made.agrees;
  },
}));
const { fixRows } = await import("../../../cli/doctor/fix.ts");
const { githubRows } = await import("../../../cli/doctor/github.ts");
const { machineRows } = await import("../../../cli/doctor/machine.ts");
const { configurationRows } = await import("../../../cli/doctor/configuration.ts");
const { stateRows } = await import("../../../cli/doctor/state.ts");
const { tokenRows } = await import("../../../cli/doctor/tokens.ts");
const { subjects } = await import("../../../cli/doctor/subject.ts");

const around = new FleetAround();
const [subject] = subjects("staging");
if (!subject) throw new Error("the fixture has no staging");
const rows = () =>
  [machineRows(), configurationRows(subject), tokenRows(subject), stateRows(subject), githubRows(subject)]
    .flat()
    .filter(({ id }) => /^(machine\.gh|config\.sound|token|state\.bucket|github)/.test(id));
const stateFile = join(around.folder, "gh.json");
interface Environment {
  name: string;
  secrets: { name: string; value: string }[];
  variables: { name: string; value: string }[];
  policies: { name: string }[];
  protection_rules: object[];
}
const github = () =>
  JSON.parse(readFileSync(stateFile, "utf8")) as { environments: Environment[]; secrets: { name: string }[] };
const calls = () => readFileSync(`${stateFile}.log`, "utf8");
let said: string[];

beforeAll(() => around.start());
afterAll(() => around.stop());
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});
beforeEach(() => {
  for (const [name, value] of Object.entries(around.healthy())) vi.stubEnv(name, value);
  copyFileSync("__tests__/cli/doctor/gh.txt", join(around.folder, "gh.mjs"));
  const program = `#!/bin/sh\nexec ${process.execPath} ${join(around.folder, "gh.mjs")} ${stateFile} "$@"\n`;
  writeFileSync(join(around.bin, "gh"), program, { mode: 0o755 });
  vi.stubEnv("OLYMPUS_SECRETS_DIR", around.folder);
  vi.stubEnv("HCLOUD_TOKEN_STAGING_READ", "r".repeat(64));
  writeFileSync(
    join(around.folder, "known_hosts.staging"),
    "192.0.2.10 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGFh\n",
  );
  writeFileSync(stateFile, JSON.stringify({ environments: [], secrets: [] }));
  writeFileSync(`${stateFile}.log`, "");
  around.buckets.clear();
  around.takesBuckets = true;
  Object.assign(made, { agrees: true, asked: 0 });
  made.changed = (fleet) => {
    const state = {
      kind: "s3",
      bucketPrefix: "acme-state",
      region: "auto",
      endpoint: around.urls.store,
    } as const;
    return { ...fleet, base: { ...fleet.base, state } };
  };
  said = [];
  vi.spyOn(console, "error").mockImplementation((line: string) => void said.push(line));
});

test("buckets that keep old versions, the environment, its variables and secrets are made, and asked again", async () => {
  const checked = await fixRows(rows(), true);
  const state = (id: string) => checked.find((row) => row.id === id)?.state;
  expect([...around.buckets].map(([name, { versioned }]) => [name, versioned])).toEqual([
    ["acme-state-zone-your-app-com", true],
    ["acme-state-staging", true],
  ]);
  expect([state("state.bucket.staging"), state("github.environment.staging")]).toEqual(["done", "done"]);
  const [staging] = github().environments;
  expect(staging?.policies.map(({ name }) => name)).toEqual(["main"]);
  expect(staging?.variables).toEqual([
    { name: "HOST", value: "192.0.2.10" },
    { name: "HOST_KEY", value: expect.stringMatching(/^SHA256:/) },
  ]);
  expect(staging?.secrets).toEqual([
    { name: "HCLOUD_TOKEN", value: TOKENS.HCLOUD_TOKEN_STAGING },
    { name: "CLOUDFLARE_API_TOKEN", value: TOKENS.CLOUDFLARE_API_TOKEN_STAGING },
    { name: "STATE_ACCESS_KEY_ID", value: "id" },
    { name: "STATE_SECRET_ACCESS_KEY", value: "secret" },
  ]);
  expect(github().secrets.map(({ name }) => name)).toEqual(["HCLOUD_TOKEN_STAGING_READ"]);
  // What only a person knows stays, and is named.
  const rest = checked.find((row) => row.id === "github.secrets.staging");
  expect([rest?.state, rest?.found]).toEqual(["missing", "missing: SSH_KEY, SMOKE_PASSWORD"]);
  expect(said.join("\n")).toMatch(
    /state\.bucket\.staging: .*\n {2}before {2}.*does not exist.*\n {2}change {2}make .*\n {2}after {3}done/,
  );
  const secrets = [...Object.values(TOKENS), "r".repeat(64)];
  for (const secret of secrets) expect(`${calls()}${said.join("\n")}`).not.toContain(secret);
});

test("a second run changes nothing", async () => {
  await fixRows(rows(), true);
  const [before, size] = [github(), around.buckets.size];
  writeFileSync(`${stateFile}.log`, "");
  await fixRows(rows(), true);
  expect([github(), around.buckets.size]).toEqual([before, size]);
  expect(calls()).not.toMatch(/--method|secret set/);
});

test("reviewers of an environment that takes other branches stay", async () => {
  const review = {
    type: "required_reviewers",
    prevent_self_review: true,
    reviewers: [{ type: "Team", reviewer: { id: 7 } }],
  };
  const open = {
    name: "staging",
    secrets: [],
    variables: [],
    policies: [{ id: 1, name: "*" }],
    protection_rules: [review],
  };
  writeFileSync(stateFile, JSON.stringify({ environments: [open], secrets: [] }));
  await fixRows(rows(), true);
  expect(github().environments[0]).toMatchObject({
    policies: [{ name: "main" }],
    protection_rules: [review],
  });
});

test("each change is asked for, and a no leaves everything as it is", async () => {
  const tty = [process.stdin.isTTY, process.stdout.isTTY] as const;
  Object.assign(process.stdin, { isTTY: true });
  Object.assign(process.stdout, { isTTY: true });
  made.agrees = false;
  await fixRows(rows(), false);
  [process.stdin.isTTY, process.stdout.isTTY] = tty;
  expect(made.asked).toBeGreaterThan(2);
  expect([around.buckets.size, github()]).toEqual([0, { environments: [], secrets: [] }]);
});

test("without a terminal it needs --yes", async () => {
  vi.spyOn(process.stdin, "isTTY", "get").mockReturnValue(false);
  await expect(fixRows(rows(), false)).rejects.toThrow("with --yes. Nothing was changed.");
});

test("a key that may not make buckets says so, and the rest is done all the same", async () => {
  around.takesBuckets = false;
  const checked = await fixRows(rows(), true);
  expect(said.join("\n")).toContain("this key may not make or change buckets");
  expect(checked.find(({ id }) => id === "state.bucket.staging")?.state).toBe("missing");
  expect(github().environments).toHaveLength(1);
});
