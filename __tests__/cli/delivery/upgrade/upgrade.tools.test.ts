import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { UpgradeReport } from "../../../../cli/delivery/upgrade/report.ts";
import { Team } from "./team.ts";

const team = new Team();
beforeAll(async () => {
  await team.begin();
  await team.on("main", () => team.makeOwn());
  await team.on("upstream", () => {
    const { checkout } = team;
    checkout.plant("config/images.ts", /tag: "v26.2.0"/.source.replace("\\", ""), 'tag: "v26.3.0"');
    checkout.plant(
      "config/index.ts",
      "export function loadFleet",
      "// Said otherwise.\nexport function loadFleet",
    );
    checkout.plant("constructs/firewall.ts", "HTTP from Cloudflare", "web from Cloudflare");
    checkout.plant("host/environment-file.ts", "// ", "// A comment of a later version. ");
    team.append("host/release/caddy/snippets.caddy", "\n# later\n");
    checkout.plant(
      "CHANGELOG.md",
      "### Added\n\n",
      "### Added\n\n- A thing.\n- **Do this before the merge:** turn\n  the key.\n",
    );
    checkout.plant(
      "host/release/secrets.keys.yaml",
      "- { key: SESSION_SIGNING_KEY, pattern: '^[A-Za-z0-9+/]{43}=$'",
      "- { key: SESSION_SIGNING_KEY, pattern: '^[A-Za-z0-9+/]{42}==$'",
    );
  });
}, 120_000);
afterAll(() => team.checkout.remove());

const check = async (version: string) => {
  const { stdout, stderr, exitCode } = await team.run("upgrade", "--check", version, "--json");
  if (!stdout) throw new Error(stderr);
  return { exitCode, report: JSON.parse(stdout) as UpgradeReport };
};

test("a later version says what it would change, and merges beside what a team made its own", {
  timeout: 300_000,
}, async () => {
  const { exitCode, report } = await check("upstream");
  expect(report).toMatchObject({
    conflicts: [],
    tasks: ["- **Do this before the merge:** turn the key."],
    secrets: ["~ SESSION_SIGNING_KEY: pattern"],
    migrations: [expect.stringMatching(/^kratos: \S+v26\.2\.0\S* becomes \S+v26\.3\.0/)],
  });
  expect([exitCode, report.refused]).toEqual([0, undefined]);
  expect(report.changes?.stacks).toEqual(
    Object.fromEntries(
      ["prod", "qa", "staging"].map((name) => [
        name,
        [expect.stringMatching(/^~ hcloud_firewall\.\w+: rule$/)],
      ]),
    ),
  );
  expect(report.changes?.images).toEqual([expect.stringMatching(/^kratos: .*v26\.2\.0.* -> .*v26\.3\.0/)]);
  const release = report.changes?.releases?.qa;
  expect(release?.files).toEqual(expect.arrayContaining(["~ caddy/snippets.caddy", "~ images.env"]));

  expect((await team.git("status", "--porcelain")).stdout).toBe("");
  await team.git("merge", "--quiet", "--no-edit", "upstream");
  const { exitCode: synth, stderr } = await team.checkout.synth();
  expect([synth, stderr]).toEqual([0, expect.any(String)]);
  expect((await check("upstream")).report.changes).toMatchObject({ stacks: {}, images: [] });
});

test("what a team has changed itself is named, and whose it is", async () => {
  await team.git("branch", "--quiet", "theirs", "upstream");
  await team.on("main", () => {
    team.checkout.plant("config/base.ts", "pager@acme.com", "night@acme.com");
    team.append("host/release/caddy/snippets.caddy", "\n# our own line\n");
  });
  await team.on("theirs", () => {
    team.checkout.plant("config/base.ts", "oncall@your-app.com", "example@your-app.com");
    team.append("host/release/caddy/snippets.caddy", "\n# their line\n");
  });
  const { exitCode, report } = await check("theirs");
  expect(exitCode).toBe(1);
  expect(report.conflicts).toEqual([
    { file: "config/base.ts", isYours: true },
    { file: "host/release/caddy/snippets.caddy", isYours: false },
  ]);
  expect(report.changes).toBeUndefined();
});

test("a version that asks for a new value says so before it is merged", { timeout: 120_000 }, async () => {
  await team.git("branch", "--quiet", "asking", "upstream");
  await team.on("asking", () => {
    team.checkout.plant("config/load/base-schema.ts", "location:", "datacenter: z.string(),\n    location:");
    rmSync(join(team.checkout.root, "host", "release", "caddy", "snippets.caddy"));
    team.checkout.restore("host/release/caddy/snippets.caddy");
  });
  await team.on("main", () => team.checkout.restore("host/release/caddy/snippets.caddy"));
  const { exitCode, report } = await check("asking");
  expect([exitCode, report.refused]).toEqual([1, expect.stringContaining("datacenter")]);
});

test.each([
  ["nothing", "git knows no nothing here"],
  ["--help-me", "git knows no --help-me here"],
])("%s is no version", async (name, says) => {
  const { exitCode, stderr } = await team.run("upgrade", `--check=${name}`);
  expect([exitCode, stderr]).toEqual([1, expect.stringContaining(says)]);
});
