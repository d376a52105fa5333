import { afterEach, expect, test, vi } from "vitest";
import { exampleValues, requireOwnValues } from "../../config/load/examples.ts";
import { reachesRealClouds } from "../../lib/process-env.ts";
import { Checkout } from "../support/checkout.ts";
import { base } from "../support/fleet/base.ts";
import { fixtureFleet } from "../support/fleet/fleet.ts";
import { identities } from "../support/fleet/identities.ts";

// The fixture holds the values that ship.
const paths = (fleet = fixtureFleet()) => exampleValues(fleet).map(({ path }) => path);
afterEach(() => vi.unstubAllEnvs());

test("every value of the example is known as one", () => {
  expect(paths()).toEqual([
    "zones",
    'zones["your-app.com"]',
    "cloudflareAccountId",
    "repository",
    "operators.sshKeys.operator",
    "developers.sshKeys.developer",
    "environments.prod.deployKey",
    "environments.prod.firstAdministrator",
    "environments.staging.deployKey",
    "environments.staging.firstAdministrator",
    "operators.cidrs[0]",
    "office.cidrs[0]",
    "office.cidrs[1]",
    "email.senderName",
    "backup.bucketPrefix",
    "monitoring.alertEmail",
    "domain",
    "domain",
  ]);
  expect(() => requireOwnValues(fixtureFleet())).toThrow(/oncall@your-app.com[\s\S]*alerts go there/);
});

test("no text of the base that looks like an example's is left out", () => {
  const texts = (value: unknown, path: string): string[] =>
    typeof value === "string"
      ? [`${path} ${value}`]
      : Object.entries(value ?? {}).flatMap(([key, inner]) => texts(inner, `${path}/${key}`));
  const suspect = texts(base, "").filter((text) =>
    /your|example|0{31}|Your|2001:db8|203\.0\.113|198\.51\.100|ssh-ed25519/.test(text),
  );
  // A zone's name is the key of its id, so both are in one text; the environments' two domains are in no base.
  expect(suspect).toHaveLength(paths().length - 3);
});

const own = {
  zones: { "acme.com": "023e105f4ecef8ad9ca31a8372d0c353" },
  cloudflareAccountId: "699d98642c564d2e855e9661899b7252",
  repository: "acme/identity",
  operators: {
    sshKeys: { alice: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIM29tLkkTTLqJqU0mBnl7pBhmVNmQaQh6XKVwSKM6hEB" },
    cidrs: ["81.2.69.160/28"],
  },
  developers: { sshKeys: {} },
  environments: Object.fromEntries(
    Object.entries(identities(["prod", "staging"])).map(([name, identity]) => [
      name,
      { ...identity, firstAdministrator: "jane@acme.com" },
    ]),
  ),
  office: { cidrs: ["81.2.70.0/24"] },
  email: { provider: "postmark", senderName: "Acme" },
  backup: { ...base.backup, bucketPrefix: "acme-identity" },
  monitoring: { ...base.monitoring, alertEmail: "platform@acme.com" },
};

test.each([
  "operators",
  "environments",
  "office",
  "repository",
  "cloudflareAccountId",
  "email",
  "backup",
  "monitoring",
] as const)("%s of the example is found among a team's own values", (key) => {
  const fleetWith = (base: Record<string, unknown>) => ({
    ...fixtureFleet(),
    base: { ...fixtureFleet().base, ...base },
    reference: { ...fixtureFleet().reference, overlay: { domain: "acme.com" } },
    mirrors: [],
  });
  expect(paths(fleetWith(own) as never)).toEqual([]);
  expect(
    new Set(paths(fleetWith({ ...own, [key]: base[key] }) as never).map((path) => path.split(/[.[]/)[0])),
  ).toEqual(new Set([key]));
});

test.each([
  [{ TF_VAR_hcloud_token_prod: "t" }, true],
  [{ CLOUDFLARE_API_TOKEN_STAGING: "t" }, true],
  [{ TF_VAR_hcloud_token_prod: "" }, false],
  [{ TF_VAR_hibernated_staging: "2026-01-01" }, false],
  [{ TF_VAR_hcloud_token_prod: "t", HCLOUD_ENDPOINT: "https://127.0.0.1:1/v1" }, true],
  [
    {
      TF_VAR_hcloud_token_prod: "t",
      HCLOUD_ENDPOINT: "https://127.0.0.1:1/v1",
      CLOUDFLARE_BASE_URL: "https://127.0.0.1:2/client/v4",
    },
    false,
  ],
  [
    {
      TF_VAR_hcloud_token_prod: "t",
      HCLOUD_ENDPOINT: "https://127.0.0.1.evil.example/v1",
      CLOUDFLARE_BASE_URL: "https://127.0.0.1:2/client/v4",
    },
    true,
  ],
])("%j can change a real cloud: %s", (variables, expected) => {
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  expect(reachesRealClouds()).toBe(expected);
});

test("plain cdktf, which begins with a synth, refuses the example where a token is at hand, and only there", async () => {
  const checkout = new Checkout();
  vi.stubEnv("TF_VAR_hcloud_token_prod", "a-token");
  const { exitCode, stderr } = await checkout.synth();
  expect(stderr).toContain("18 problems in the configuration");
  expect(stderr).toContain("in the sandbox alone");
  expect([exitCode, checkout.written()]).toEqual([1, []]);
  vi.unstubAllEnvs();
  expect((await checkout.synth()).exitCode).toBe(0);
  checkout.remove();
});
