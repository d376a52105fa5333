import { chmodSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { GithubService } from "@olympus-infra/github-emulator";
import { execa } from "execa";
import { afterAll, afterEach, beforeAll, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import type { CheckedRow, Row } from "../../../cli/doctor/row.ts";
import type { DoctorSources, MachineReport } from "../../../cli/doctor/sources.ts";
import type { Fleet } from "../../../config/index.ts";
import { ConfigError } from "../../../config/load/problems.ts";
import { emulatedGithub, logInTo } from "../../support/github/emulated-github.ts";
import { makeHealthy } from "../../support/github/healthy-github.ts";
import { asNames, FleetAround, HEALTHY_RECORDS, TOKENS, WORKER, ZONE_PATH } from "./doctor-fixture.ts";

// Faults are planted one at a time into a fleet of which every row is done: each is found, named, and has a remedy.

const HEALTHY = {
  changed: undefined as ((fleet: Fleet) => Fleet) | undefined,
  findings: [] as object[],
  inspection: { parity: [], documents: [], policy: [], containment: { findings: [] } } as object,
  lines: [] as object[],
  outputs: { server_ipv4: "192.0.2.10" } as object,
  isKnown: true,
};
const made = vi.hoisted(() => ({}) as { -readonly [Key in keyof typeof HEALTHY]: (typeof HEALTHY)[Key] });
vi.mock("../../../config/index.ts", async (original) => {
  const real = await original<typeof import("../../../config/index.ts")>();
  const { fixture } = await import("../../support/fleet/source.ts");
  const loadFleet = () => made.changed?.(real.loadFleet(fixture, {})) ?? real.loadFleet(fixture, {});
  return { ...real, shipped: fixture, loadFleet };
});
vi.mock("../../../cli/shared/inspection.ts", () => ({ inspectFleet: async () => made.inspection }));
vi.mock("../../../cli/secrets/check.ts", () => ({ allFindings: async () => made.findings }));
vi.mock("../../../cli/secrets/age-identity.ts", async (original) => {
  const { requireIdentity } = await original<typeof import("../../../cli/secrets/age-identity.ts")>();
  const ownRecipients = async () => {
    requireIdentity();
    return ["age1qqqqqqqqqqqqqqqq"];
  };
  return { requireIdentity, ownRecipients };
});
vi.mock("../../../cli/release/images/survey.ts", () => ({ survey: async () => made.lines }));
vi.mock("../../../cli/shared/target.ts", () => ({ isKnown: async () => made.isKnown }));
vi.mock("../../../cli/shared/terraform.ts", () => ({ deployedOutputs: async () => made.outputs }));

const around = new FleetAround();
/** The fixture's fleet, with its states and backups in the store around it. */
function inS3(fleet: Fleet): Fleet {
  const backup = { ...fleet.base.backup, endpoint: around.urls.store };
  const state = {
    kind: "s3",
    bucketPrefix: "acme-state",
    region: "auto",
    endpoint: around.urls.store,
  } as const;
  const moved = <T extends Fleet["reference"]>(one: T): T => ({
    ...one,
    environment: { ...one.environment, backup, state },
  });
  const { base, reference, mirrors } = fleet;
  return {
    ...fleet,
    ...{ base: { ...base, backup, state }, reference: moved(reference), mirrors: mirrors.map(moved) },
  };
}
const { checkRows } = await import("../../../cli/doctor/check-rows.ts");
const { subjects } = await import("../../../cli/doctor/subject.ts");
const { doctorRows } = await import("../../../cli/doctor/table.ts");

const now = () => new Date().toISOString();
let report: MachineReport;
let values: Record<string, unknown>;
const sources: DoctorSources = {
  ...{ target: {}, reviewers: [], forget: () => undefined },
  secrets: async () => ({ values }) as never,
  machine: async () => report,
  people: async () => people,
};
const people = { present: 7, wanted: 7 };
const facts = {
  ...{ volumeMounted: true, hasSecrets: true },
  ...{ current: "20261130-abc", history: ["20261130-abc"] },
};

beforeAll(() => around.start());
afterAll(() => around.stop());
afterEach(async () => {
  vi.unstubAllEnvs();
  await github.close();
});
let github: GithubService;
beforeEach(async () => {
  for (const [name, value] of Object.entries(around.healthy())) vi.stubEnv(name, value);
  github = await emulatedGithub();
  makeHealthy(github);
  around.link("gh");
  logInTo(github);
  Object.assign(made, HEALTHY, { changed: inS3 });
  people.present = people.wanted;
  const given = { ADMIN_PASSWORD: "x", BACKUP_ACCESS_KEY_ID: "id", BACKUP_SECRET_ACCESS_KEY: "secret" };
  values = new Proxy<Record<string, unknown>>(given, { get: (known, key) => known[String(key)] ?? "off" });
  report = {
    status: { problems: [], facts },
    ...{
      backup: { ok: true, at: now() },
      drill: { ok: true, at: now() },
      notifications: { sent: 12, failed: 0 },
    },
  } as unknown as MachineReport;
});

const ALL = doctorRows(subjects("staging"), sources).filter(({ isOptional }) => !isOptional);
const changed = (change: (fleet: Fleet) => Fleet) => {
  made.changed = (fleet) => change(inS3(fleet));
};
/** A row, after those that it needs. */
const closure = (id: string): Row[] => {
  const row = ALL.find((one) => one.id === id) ?? expect.fail(`there is no row ${id}`);
  return [...(row.needs ?? []).flatMap(closure), row];
};
const checked = async (id: string): Promise<CheckedRow | undefined> => {
  const ids = closure(id).map((one) => one.id);
  return (await checkRows(ALL.filter((one) => ids.includes(one.id)))).at(-1);
};
const real = () => vi.stubEnv("HCLOUD_ENDPOINT", "http://hetzner.invalid/v1");
const bucket = (name: string) => around.buckets.get(name) ?? expect.fail(name);
const status = (change: object) => Object.assign(report, { status: { problems: [], facts, ...change } });
/** What GitHub holds of staging. */
const staging = () => github.world.environment("staging") ?? expect.fail("GitHub has no staging");
const verified = (result: object) => around.answer("GET /client/v4/user/tokens/verify", 200, { result });
const zoneIs = (change: object) =>
  around.answer(`GET ${ZONE_PATH}`, 200, {
    result: { name: "your-app.com", status: "active", plan: { legacy_id: "free" }, ...change },
  });
const rm = (...path: string[]) => rmSync(join(around.folder, ...path), { recursive: true });
const relayed = (fleet: Fleet): Fleet => ({
  ...fleet,
  mirrors: fleet.mirrors.map((one) => ({
    ...one,
    environment: {
      ...one.environment,
      extras: { ...one.environment.extras, mail: "provider-sandbox" },
    } as never,
  })),
});
const without = (pattern: RegExp) => {
  changed(relayed);
  const result = HEALTHY_RECORDS.filter(({ content, name }) => !pattern.test(content + name));
  around.answer(`GET ${ZONE_PATH}/dns_records`, 200, { result });
};

test("a healthy fleet is all green, production and the zone too", async () => {
  changed(relayed);
  const rows = doctorRows(subjects(undefined), sources).filter(({ isOptional }) => !isOptional);
  expect(rows.length).toBeGreaterThan(ALL.length + 20);
  const open = (await checkRows(rows)).filter(({ state }) => state !== "done");
  expect(open.map(({ id, found }) => [id, found])).toEqual([]);
});

/** Every image locked for one processor. */
const lockedFor = (architecture: string) => (fleet: Fleet) => ({
  ...fleet,
  mirrors: fleet.mirrors.map(({ environment, ...one }) => {
    const images = Object.fromEntries(
      Object.entries(environment.images).map(([name, pin]) => [
        name,
        { ...pin, architectures: [architecture] },
      ]),
    ) as unknown as typeof environment.images;
    return { ...one, environment: { ...environment, images } };
  }),
});

const withHostType = (hostType: string) => (fleet: Fleet) => ({
  ...fleet,
  mirrors: fleet.mirrors.map(({ environment, ...one }) => ({
    ...one,
    environment: { ...environment, hostType: hostType as typeof environment.hostType },
  })),
});

const PLANTED: [id: string, plant: () => unknown, found: RegExp, remedy: RegExp][] = [
  [
    "machine.node",
    () => around.program("node", "v18.2.0"),
    /node 20\.9 or later: this is 18\.2/,
    /nodejs\.org/,
  ],
  [
    "machine.terraform",
    () => around.program("terraform", "Terraform v1.5.7"),
    /this is 1\.5/,
    /terraform\/install/,
  ],
  ["machine.git", () => rm("bin", "git"), /lacks git/, /apt-get install .* git$/],
  ["machine.gh", () => rm("bin", "gh"), /lacks gh/, /apt-get install .* gh$/],
  ["machine.ssh", () => rm("bin", "ssh"), /lacks ssh/, /openssh-client$/],
  ["machine.ssh-keygen", () => rm("bin", "ssh-keygen"), /lacks ssh-keygen/, /openssh-client$/],
  ["machine.ssh-keyscan", () => rm("bin", "ssh-keyscan"), /lacks ssh-keyscan/, /openssh-client$/],
  ["machine.cache", () => vi.stubEnv("OLYMPUS_CACHE_DIR", "/dev/null/x"), /cannot be written/, /HOME=/],
  [
    "config.request.staging",
    () => vi.stubEnv("OLYMPUS_CSR_DIR", around.folder),
    /\.csr is missing/,
    /olympus csr staging/,
  ],
  [
    "config.own",
    real,
    /19 values|1\d values of the example are left: zones/,
    /config\/base\.ts zones: write/,
  ],
  ["config.owners", real, /@your-org\/infra is a placeholder/, /CODEOWNERS/],
  [
    "config.sound",
    () =>
      changed(() => {
        const remedy = "write it such as staging.your-app.com";
        throw new ConfigError([
          { file: "config/staging.ts", path: "domain", value: "x", allowed: "a host", remedy },
        ]);
      }),
    /1 problem: config\/staging\.ts domain/,
    /config\/staging\.ts domain: write it such as/,
  ],
  ["images.locked", real, /not locked: postgres, kratos/, /images lock/],
  [
    "images.locked",
    () => {
      real();
      changed(lockedFor("amd64"));
    },
    /postgres, .* not built for arm64, which cax11 is/,
    /pin another tag/,
  ],
  [
    "images.current",
    () => {
      real();
      changed(lockedFor("arm64"));
      made.lines = [{ image: "docker.io/library/postgres:18", state: "moved", problems: [] }];
    },
    /postgres:18 moved/,
    /images lock --update/,
  ],
  [
    "config.proof",
    () => (made.inspection = { ...HEALTHY.inspection, policy: [{ id: "zone-setting-weak" }] }),
    /policy zone-setting-weak/,
    /olympus parity/,
  ],
  [
    "token.hcloud.staging",
    () => vi.stubEnv("HCLOUD_TOKEN_STAGING", ""),
    /HCLOUD_TOKEN_STAGING is not set/,
    /console\.hetzner\.com/,
  ],
  [
    "token.hcloud.staging",
    () => vi.stubEnv("HCLOUD_TOKEN_STAGING", "x".repeat(64)),
    /refuses it \(401\)/,
    /hetzner/,
  ],
  [
    "token.hcloud.staging",
    () => around.answer("PUT /v1/ssh_keys/0", 403, { error: { code: "token_readonly" } }),
    /it may only read/,
    /Read & Write/,
  ],
  [
    "token.cloudflare.staging",
    () => vi.stubEnv("CLOUDFLARE_API_TOKEN_STAGING", ""),
    /is not set/,
    /api-tokens/,
  ],
  [
    "token.cloudflare.staging",
    () => vi.stubEnv("CLOUDFLARE_API_TOKEN_STAGING", "x".repeat(40)),
    /refuses it/,
    /DNS edit/,
  ],
  ["token.cloudflare.staging", () => verified({ status: "disabled" }), /it is disabled/, /api-tokens/],
  [
    "token.cloudflare.staging",
    () => verified({ status: "active", expires_on: new Date(Date.now() + 8.64e8).toISOString() }),
    /it expires on 20/,
    /roll it/,
  ],
  [
    "token.cloudflare.staging",
    () =>
      around.answer(`PATCH ${ZONE_PATH}/dns_records/${"0".repeat(32)}`, 403, { errors: [{ code: 10000 }] }),
    /it lacks DNS edit/,
    /DNS edit/,
  ],
  [
    "token.cloudflare.zone-your-app-com",
    () => around.answer(`PATCH ${ZONE_PATH}/settings/olympus_doctor`, 403, { errors: [{ code: 10000 }] }),
    /it lacks Zone Settings edit/,
    /Zone Settings edit/,
  ],
  [
    "token.distinct",
    () => vi.stubEnv("CLOUDFLARE_API_TOKEN_ZONE_YOUR_APP_COM", TOKENS.CLOUDFLARE_API_TOKEN_STAGING),
    /CLOUDFLARE_API_TOKEN_STAGING and CLOUDFLARE_API_TOKEN_ZONE_YOUR_APP_COM are the same/,
    /a token of its own/,
  ],
  [
    "zone.your-app.com",
    () => zoneIs({ name: "other.com" }),
    /is the id of other\.com/,
    /write the id of your-app\.com/,
  ],
  ["zone.your-app.com", () => zoneIs({ status: "pending" }), /it is pending/, /name servers/],
  [
    "zone.your-app.com",
    () => changed((fleet) => ({ ...fleet, base: { ...fleet.base, cloudflarePlan: "pro" } })),
    /its plan is free, and config\/base\.ts says pro/,
    /cloudflarePlan: "free"/,
  ],
  [
    "zone.rules.your-app.com",
    () =>
      around.answer(`GET ${ZONE_PATH}/rulesets`, 200, {
        result: [{ kind: "zone", name: "default", phase: "http_ratelimit" }],
      }),
    /rulesets of others: http_ratelimit/,
    /delete them/,
  ],
  [
    "state.shared",
    () => {
      real();
      changed((fleet) => ({ ...fleet, base: { ...fleet.base, state: { kind: "local" } } }));
    },
    /it lies in this checkout/,
    /kind: "s3"/,
  ],
  [
    "state.providers",
    () => writeFileSync(join(around.folder, "terraform.lock.hcl"), ""),
    /does not lock/,
    /provider-lock/,
  ],
  ["state.bucket.staging", () => rm("credentials"), /has no profile olympus-staging/, /\[olympus-staging\]/],
  [
    "state.bucket.staging",
    () => around.buckets.delete("acme-state-staging"),
    /acme-state-staging does not exist/,
    /console|Environments/,
  ],
  [
    "state.bucket.zone-your-app-com",
    () => Object.assign(bucket("acme-state-zone-your-app-com"), { versioned: false }),
    /no old versions/,
    /versioning on/,
  ],
  [
    "state.lock.staging",
    () => Object.assign(bucket("acme-state-staging"), { conditional: false }),
    /both of two writers/,
    /If-None-Match/,
  ],
  [
    "state.lock.staging",
    () =>
      bucket("acme-state-staging").objects.set(
        "staging.tfstate.tflock",
        '{"Who":"anna@laptop","Created":"2026-11-29"}',
      ),
    /locked by anna@laptop since 2026-11-29/,
    /force-unlock/,
  ],
  [
    "state.lock.zone-your-app-com",
    () => Object.assign(bucket("acme-state-zone-your-app-com"), { conditional: false }),
    /both of two writers/,
    /If-None-Match/,
  ],
  ["type.staging", () => shortage(), /Hetzner has no cax11 in fsn1 now/, /hostType/],
  [
    "type.staging",
    () => changed(withHostType("cax99")),
    /Hetzner does not sell cax99 in fsn1/,
    /hostType into config\/staging\.ts/,
  ],
  ["deployed.staging", () => rm("cdktf.out"), /it has no state/, /olympus apply/],
  ["deployed.staging", () => (made.outputs = {}), /its state has no machine/, /apply staging/],
  ["secrets.key", () => rm("keys.txt"), /There is no age key/, /age-keygen -o/],
  ["secrets.key", () => chmodSync(join(around.folder, "keys.txt"), 0o644), /has mode 0644/, /chmod 600/],
  ["secrets.file.staging", () => rm("secrets"), /does not exist/, /secrets init staging/],
  [
    "secrets.sound.staging",
    () =>
      (made.findings = [
        {
          key: "SMTP_CONNECTION_URI",
          level: "problem",
          found: "a relay that reaches people",
          remedy: "enter the provider's test value",
        },
      ]),
    /SMTP_CONNECTION_URI: a relay that reaches people/,
    /the provider's test value/,
  ],
  ["administrator.staging", () => (values = {}), /there is no ADMIN_PASSWORD/, /secrets init/],
  [
    "backup.bucket.staging",
    () => around.buckets.delete("your-app-olympus-staging"),
    /does not exist/,
    /console|Environments/,
  ],
  [
    "backup.key.staging",
    () => {
      real();
      Object.assign(bucket("your-app-olympus-staging"), { deletesVersions: true });
    },
    /may delete versions/,
    /cannot delete versions/,
  ],
  ["hostkey.staging", () => (made.isKnown = false), /does not know it yet/, /--host-key SHA256/],
  [
    "ssh.staging",
    () => status({ facts: { ...facts, volumeMounted: false } }),
    /volume is not mounted/,
    /status staging/,
  ],
  [
    "pushed.staging",
    () => status({ facts: { ...facts, hasSecrets: false } }),
    /no secrets yet/,
    /secrets push staging/,
  ],
  [
    "release.staging",
    () => status({ problems: ["no release yet"], facts: { ...facts, current: undefined, history: [] } }),
    /no release yet/,
    /release staging/,
  ],
  [
    "release.staging",
    () => status({ problems: ["olympus.service is failed"] }),
    /olympus\.service is failed/,
    /systemctl restart olympus\.service/,
  ],
  ["github.repository", () => logInTo(github, "gho_revoked"), /refuses the login of gh/, /^gh auth login$/],
  ...["", "true"].map((ci): (typeof PLANTED)[number] => [
    "github.repository",
    () => vi.stubEnv("GH_TOKEN", "") && vi.stubEnv("CI", ci),
    /gh is not logged in/,
    /^gh auth login$/,
  ]),
  [
    "github.repository",
    () => changed((fleet) => ({ ...fleet, base: { ...fleet.base, repository: "your-org/other" } })),
    /there is no your-org\/other/,
    /gh repo create/,
  ],
  [
    "github.main",
    () => github.world.rulesets.splice(0),
    /main takes commits without a review/,
    /doctor --fix.*ruleset/,
  ],
  [
    "github.read",
    () => github.world.secrets.delete("HCLOUD_TOKEN_PROD_READ"),
    /^missing: HCLOUD_TOKEN_PROD_READ$/,
    /gh secret set HCLOUD_TOKEN_PROD_READ --repo your-org\/olympus-infra$/,
  ],
  [
    "github.environment.staging",
    () => github.world.environments.splice(0),
    /staging does not exist/,
    /doctor --fix.*Environments/,
  ],
  [
    "github.environment.staging",
    () => staging().branches.push({ id: 99, name: "feature" }),
    /takes other branches than main/,
    /doctor --fix.*Environments/,
  ],
  [
    "github.secrets.staging",
    () => ["SMOKE_PASSWORD", "HCLOUD_TOKEN"].map((name) => staging().secrets.delete(name)),
    /^missing: SMOKE_PASSWORD, HCLOUD_TOKEN$/,
    /gh secret set SMOKE_PASSWORD --env staging/,
  ],
  [
    "github.variables.staging",
    () => staging().variables.clear(),
    /missing: HOST, HOST_KEY/,
    /gh api --method POST .*\/environments\/staging\/variables -f name=HOST /,
  ],
  ["github.runner.staging", () => github.world.runners.splice(0), /no runner has the label/, /Runners/],
  [
    "github.runner.staging",
    () => github.world.runners.map((runner) => Object.assign(runner, { status: "offline" })),
    /r1: offline/,
    /Runners/,
  ],
  [
    "people.staging",
    () => Object.assign(people, { present: 3 }),
    /^3 of 7 are there/,
    /olympus seed staging/,
  ],
  [
    "clock.staging",
    () => {
      values.ALERT_WEBHOOK_URL = "https://alerts.acme.co.uk/";
      around.answer(`GET ${WORKER}/secrets`, 200, { result: asNames("GITHUB_TOKEN") });
    },
    /no ALERT_WEBHOOK_URL/,
    /wrangler secret put ALERT_WEBHOOK_URL/,
  ],
  [
    "clock.staging",
    () => around.answer(`GET ${WORKER}/secrets`, 200, { result: [] }),
    /no GITHUB_TOKEN$/,
    /--fix, with CLOCK_GITHUB_TOKEN_STAGING/,
  ],
  [
    "dns.staging",
    () => without(/staging-ciam\./),
    /no record of staging-ciam\.your-app\.com/,
    /olympus apply/,
  ],
  ["mail.spf.staging", () => without(/spf1/), /no such record/, /v=spf1/],
  ["mail.dkim.staging", () => without(/_domainkey/), /no such record/, /_domainkey/],
  ["mail.dmarc.staging", () => without(/DMARC1/), /no such record/, /v=DMARC1/],
  [
    "backup.fresh.staging",
    () => Object.assign(report, { backup: { ok: true, at: "2026-01-01T03:00:00Z" } }),
    /of 2026-01-01/,
    /olympus backup/,
  ],
  [
    "backup.fresh.staging",
    () => Object.assign(report, { backup: { ok: false, at: now() } }),
    /failed/,
    /olympus backup/,
  ],
  ["drill.fresh.staging", () => Object.assign(report, { drill: undefined }), /none yet/, /olympus drill/],
  [
    "alerts.staging",
    () => Object.assign(report, { notifications: { sent: 4, failed: 3 } }),
    /3 of 4 notifications .* failed/,
    /curl .*api\/v2\/alerts/,
  ],
];

/** Rows whose faults are planted into a copy of the program. */
const ELSEWHERE = [
  "machine.sops",
  "machine.age-keygen",
  "config.identity.staging",
  "config.pr.yml.staging",
  "config.drift.yml.staging",
];

test("each row has a planted fault", () => {
  expect([...new Set([...PLANTED.map(([id]) => id), ...ELSEWHERE])].sort()).toEqual(
    ALL.map(({ id }) => id).sort(),
  );
});

test.each(PLANTED)("%s: a planted fault is found and has a remedy", async (id, plant, found, remedy) => {
  await plant();
  const row = await checked(id);
  expect(row).toMatchObject({
    state: expect.stringMatching(/^(missing|unknown)$/),
    found: expect.stringMatching(found),
  });
  expect(row?.remedy.join("\n")).toMatch(new RegExp(remedy, "m"));
});

test("what this computer lacks for other uses is named, a row each, and no step waits for it", async () => {
  const optional = doctorRows(subjects("staging"), sources).filter(({ isOptional }) => isOptional);
  expect(optional.length).toBeGreaterThan(4);
  for (const row of await checkRows(optional))
    expect(row).toMatchObject({
      ...{ state: "missing", found: expect.stringMatching(/^it lacks .*go 1\.26 or later/) },
      remedy: expect.arrayContaining([expect.stringContaining("go.dev/dl")]),
    });
});

test.each([
  ["github.read", () => github.world.secrets.clear()],
  ["github.secrets.staging", () => staging().secrets.clear()],
  ["github.variables.staging", () => staging().variables.clear()],
])("%s: its commands, typed as they stand, bring what is missing", async (id, plant) => {
  plant();
  const before = await checked(id);
  const commands = before?.remedy.filter((line) => line.startsWith("gh ")) ?? [];
  expect(commands.length).toBeGreaterThan(2);
  for (const command of commands) await execa("sh", ["-c", command], { input: "a value" });
  expect((await checked(id))?.state).toBe("done");
});

/** Hetzner has none left of staging's type, until the end of the test. */
async function shortage(): Promise<void> {
  const url = `${around.urls.hetzner}/_sandbox/shortages`;
  await fetch(url, { method: "POST", body: JSON.stringify({ server_type: "cax11", location: "fsn1" }) });
  onTestFinished(async () => void (await fetch(url, { method: "DELETE" })));
}
