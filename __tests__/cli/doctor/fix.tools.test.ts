import { execFileSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { GithubService } from "@olympus-infra/github-emulator";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import type { DoctorSources } from "../../../cli/doctor/sources.ts";
import type { Fleet } from "../../../config/index.ts";
import { emulatedGithub, logInTo } from "../../support/github/emulated-github.ts";
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
const { environmentFix } = await import("../../../cli/doctor/fix-environment.ts");
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
const SOURCES: DoctorSources = {
  ...{ target: {}, reviewers: ["jane"], forget: () => undefined },
  secrets: async () => ({ values: { SYNTHETIC_PASSWORD: "of the cast" } }) as never,
  machine: async () => ({}) as never,
  people: async () => ({ present: 0, wanted: 0 }),
};
const rows = () =>
  [
    ...[machineRows(), configurationRows(subject), tokenRows(subject), stateRows(subject)],
    githubRows(subject, SOURCES),
  ]
    .flat()
    .filter(({ id }) => /^(machine\.gh|config\.sound|token|state\.bucket|github)/.test(id));
let github: GithubService;
/** What no answer of GitHub's ever shows: names and values, by their place. */
const held = () => ({
  ...Object.fromEntries(
    github.world.environments.map(({ name, secrets, variables, branches, reviewers }) => [
      name,
      {
        secrets: [...secrets],
        variables: [...variables],
        branches: branches.map((one) => one.name),
        reviewers,
      },
    ]),
  ),
  secrets: [...github.world.secrets.keys()],
  rulesets: github.world.rulesets.map(({ name }) => name),
});
const NOTHING = { secrets: [], rulesets: [] };
const changes = () => github.world.requests.filter((request) => !request.startsWith("GET "));
let said: string[];

beforeAll(() => around.start());
afterAll(() => around.stop());
afterEach(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  await github.close();
});
beforeEach(async () => {
  for (const [name, value] of Object.entries(around.healthy())) vi.stubEnv(name, value);
  github = await emulatedGithub();
  around.link("gh");
  logInTo(github);
  vi.stubEnv("OLYMPUS_SECRETS_DIR", around.folder);
  vi.stubEnv("HCLOUD_TOKEN_STAGING_READ", "r".repeat(64));
  writeFileSync(
    join(around.folder, "known_hosts.staging"),
    "192.0.2.10 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGFh\n",
  );
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
  expect(held()).toEqual({
    staging: {
      branches: ["main"],
      // Nobody real is there: no deploy to it waits for an approval.
      reviewers: [],
      variables: [
        ["HOST", "192.0.2.10"],
        ["HOST_KEY", expect.stringMatching(/^SHA256:/)],
        ["SMOKE_EMAIL", "smoke.1@cast.example"],
      ],
      secrets: [
        ["SMOKE_PASSWORD", "of the cast"],
        ["HCLOUD_TOKEN", TOKENS.HCLOUD_TOKEN_STAGING],
        ["CLOUDFLARE_API_TOKEN", TOKENS.CLOUDFLARE_API_TOKEN_STAGING],
        ["STATE_ACCESS_KEY_ID", "id"],
        ["STATE_SECRET_ACCESS_KEY", "secret"],
      ],
    },
    secrets: ["HCLOUD_TOKEN_STAGING_READ"],
    rulesets: ["Olympus: main takes what was reviewed alone"],
  });
  expect([state("github.main"), state("github.variables.staging")]).toEqual(["done", "done"]);
  // What only a person knows stays, and is named.
  const rest = checked.find((row) => row.id === "github.secrets.staging");
  expect([rest?.state, rest?.found]).toEqual(["missing", "missing: SSH_KEY"]);
  expect(said.join("\n")).toMatch(
    /state\.bucket\.staging: .*\n {2}before {2}.*does not exist.*\n {2}change {2}make .*\n {2}after {3}done/,
  );
  const secrets = [...Object.values(TOKENS), "r".repeat(64), "of the cast"];
  for (const secret of secrets) expect(said.join("\n")).not.toContain(secret);
});

test("a second run changes nothing", async () => {
  await fixRows(rows(), true);
  const [before, size] = [held(), around.buckets.size];
  github.world.requests.length = 0;
  await fixRows(rows(), true);
  expect([held(), around.buckets.size]).toEqual([before, size]);
  expect(changes()).toEqual([]);
});

test("reviewers of an environment that takes other branches stay, and those that are named come to them", async () => {
  github.world.environments.push({
    ...{
      name: "staging",
      id: 1,
      waitTimer: 3,
      preventSelfReview: false,
      secrets: new Map(),
      variables: new Map(),
    },
    reviewers: [{ type: "Team", id: 9 }],
    policy: { protected_branches: false, custom_branch_policies: true },
    branches: [{ id: 1, name: "*" }],
  });
  await fixRows(rows(), true);
  const staging = github.world.environment("staging");
  expect(staging).toMatchObject({
    branches: [{ name: "main" }],
    reviewers: [{ type: "Team", id: 9 }],
    waitTimer: 3,
  });
  await environmentFix("staging", ["jane", "your-org/infra"]).apply();
  expect(staging).toMatchObject({
    reviewers: [
      { type: "Team", id: 9 },
      { type: "User", id: 7 },
    ],
    ...{ preventSelfReview: true, waitTimer: 3 },
  });
});

test("the private half of the deploy key goes to GitHub where it is the one that the configuration names", async () => {
  around.link("ssh-keygen");
  const key = join(around.folder, "deploy-staging");
  rmSync(key, { force: true });
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key]);
  await fixRows(rows(), true);
  expect(github.world.environment("staging")?.secrets.has("SSH_KEY")).toBe(false);
  const before = made.changed;
  made.changed = (fleet) => {
    const { base, ...rest } = before?.(fleet) ?? fleet;
    const deployKey = readFileSync(`${key}.pub`, "utf8").trim();
    const environments = { ...base.environments, staging: { ...base.environments.staging, deployKey } };
    return { ...rest, base: { ...base, environments } } as Fleet;
  };
  await fixRows(rows(), true);
  expect(github.world.environment("staging")?.secrets.get("SSH_KEY")).toBe(readFileSync(key, "utf8").trim());
});

test("what the owner's plan at GitHub lacks is said in GitHub's words, and the rest is done", async () => {
  await github.close();
  github = await emulatedGithub({ plan: "free" });
  logInTo(github);
  const checked = await fixRows(rows(), true);
  const main = checked.find(({ id }) => id === "github.main");
  expect([main?.state, main?.found]).toEqual([
    "missing",
    expect.stringContaining("plan at GitHub has no such rules"),
  ]);
  expect(said.join("\n")).toMatch(/failed .*Upgrade to GitHub Pro/);
  expect(around.buckets.size).toBe(2);
});

test("each change is asked for, and a no leaves everything as it is", async () => {
  const tty = [process.stdin.isTTY, process.stdout.isTTY] as const;
  Object.assign(process.stdin, { isTTY: true });
  Object.assign(process.stdout, { isTTY: true });
  made.agrees = false;
  await fixRows(rows(), false);
  [process.stdin.isTTY, process.stdout.isTTY] = tty;
  expect(made.asked).toBeGreaterThan(2);
  expect([around.buckets.size, held(), changes()]).toEqual([0, NOTHING, []]);
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
  expect(github.world.environments).toHaveLength(1);
});
