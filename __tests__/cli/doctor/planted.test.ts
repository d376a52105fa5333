import { chmodSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import type { CheckedRow, Row } from "../../../cli/doctor/row.ts";
import type { DoctorSources, MachineReport } from "../../../cli/doctor/sources.ts";
import type { Fleet } from "../../../config/index.ts";
import { ConfigError } from "../../../config/load/problems.ts";
import { FleetAround, HEALTHY_RECORDS, TOKENS, WORKER, ZONE_PATH } from "./doctor-fixture.ts";
import { asNames, healthyGithub } from "./healthy-github.ts";

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
  const mirrors = fleet.mirrors.map((one) => ({
    ...one,
    environment: { ...one.environment, backup, state },
  }));
  return { ...fleet, base: { ...fleet.base, backup, state }, mirrors };
}
const { checkRows } = await import("../../../cli/doctor/check-rows.ts");
const { subjects } = await import("../../../cli/doctor/subject.ts");
const { doctorRows } = await import("../../../cli/doctor/table.ts");

const now = () => new Date().toISOString();
let report: MachineReport;
let values: Record<string, unknown>;
const sources: DoctorSources = {
  target: {},
  secrets: async () => ({ values }) as never,
  machine: async () => report,
};
const facts = { volumeMounted: true, hasSecrets: true, current: "20261130-abc" };

beforeAll(() => around.start());
afterAll(() => around.stop());
afterEach(() => vi.unstubAllEnvs());
beforeEach(() => {
  for (const [name, value] of Object.entries(around.healthy())) vi.stubEnv(name, value);
  around.gh(healthyGithub());
  Object.assign(made, HEALTHY, { changed: inS3 });
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
const github = (change: object) => around.gh({ ...healthyGithub(), ...change });
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

test("a healthy fleet is all green", async () => {
  changed(relayed);
  const open = (await checkRows(ALL)).filter(({ state }) => state !== "done");
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
  ["deployed.staging", () => rm("cdktf.out"), /it has no state/, /provision\.sh/],
  ["deployed.staging", () => (made.outputs = {}), /its state has no machine/, /ENV=staging/],
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
    () => status({ problems: ["olympus.service is failed"] }),
    /olympus\.service is failed/,
    /release staging/,
  ],
  [
    "github.repository",
    () => github({ "your-org/olympus-infra": undefined }),
    /GitHub's answer|no your-org/,
    /gh auth login/,
  ],
  [
    "github.main",
    () => github({ "rules/branches/main": [] }),
    /main takes commits without a review/,
    /ruleset/,
  ],
  [
    "github.read",
    () => github({ "actions/secrets": { secrets: [] } }),
    /missing: HCLOUD_TOKEN_PROD_READ/,
    /gh secret set HCLOUD_TOKEN_PROD_READ --repo your-org\/olympus-infra$/,
  ],
  [
    "github.environment.staging",
    () => github({ environments: { environments: [] } }),
    /staging does not exist/,
    /console|Environments/,
  ],
  [
    "github.secrets.staging",
    () => github({ "environments/staging/secrets": { secrets: asNames("SSH_KEY") } }),
    /missing: SMOKE_PASSWORD, HCLOUD_TOKEN/,
    /gh secret set SMOKE_PASSWORD --env staging/,
  ],
  [
    "github.variables.staging",
    () => github({ "environments/staging/variables": { variables: [] } }),
    /missing: HOST, HOST_KEY/,
    /gh api --method POST .*\/environments\/staging\/variables -f name=HOST /,
  ],
  [
    "github.runner.staging",
    () => github({ "actions/runners": { runners: [] } }),
    /no runner has the label/,
    /Runners/,
  ],
  [
    "github.runner.staging",
    () =>
      github({
        "actions/runners": {
          runners: [{ name: "r1", status: "offline", labels: asNames("deploy-staging") }],
        },
      }),
    /r1: offline/,
    /Runners/,
  ],
  [
    "clock.staging",
    () => around.answer(`GET ${WORKER}/secrets`, 200, { result: asNames("GITHUB_TOKEN") }),
    /no ALERT_WEBHOOK_URL/,
    /wrangler secret put ALERT_WEBHOOK_URL/,
  ],
  ["dns.staging", () => without(/staging-ciam\./), /no record of staging-ciam\.your-app\.com/, /provision/],
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
    /amtool alert add/,
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

/** Hetzner has none left of staging's type, until the end of the test. */
async function shortage(): Promise<void> {
  const url = `${around.urls.hetzner}/_sandbox/shortages`;
  await fetch(url, { method: "POST", body: JSON.stringify({ server_type: "cax11", location: "fsn1" }) });
  onTestFinished(async () => void (await fetch(url, { method: "DELETE" })));
}
