import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MARKER } from "../../../../cli/delivery/pull-request-markdown.ts";
import type { PlanSummary } from "../../../../cli/shared/plan/summary.ts";
import { readOutcomes } from "../../../../cli/shared/plan/summary-file.ts";
import { childEnvironment } from "../../../../lib/process-env.ts";
import { base } from "../../../support/fleet/base.ts";
import { fakeCommentGh } from "./gh.ts";
import { type SandboxFixture, sandboxFixture } from "./sandbox-fixture.ts";

let fixture: SandboxFixture;
beforeAll(async () => {
  fixture = await sandboxFixture();
  // Planning synthesizes and initializes; then what it planned is applied.
  const { code, stderr } = await fixture.plan(["staging"]);
  if (code !== 2) throw new Error(stderr);
  await fixture.terraform("staging", "apply", "-auto-approve");
});
afterAll(async () => fixture?.close());

const volume = "olympus-staging-data";
const labels = { "managed-by": "olympus-infra", environment: "staging" };
const summaryOf = async (
  ...args: Parameters<SandboxFixture["plan"]>
): Promise<PlanSummary & { code?: number }> => {
  const { code, outcomes, stderr } = await fixture.plan(...args);
  const [outcome] = outcomes;
  if (!outcome || outcome.failed) throw new Error(stderr);
  return { ...outcome.summary, ...(code !== undefined && { code }) };
};

test("right after the deploy there is nothing to do: 0", async () => {
  const { code, changes, outputs } = await summaryOf(["staging"]);
  expect({ code, changes, outputs }).toEqual({ code: 0, changes: [], outputs: [] });
});

test("a drift is named, and nothing beside it: 2", async () => {
  await fixture.drift("volumes", volume, { labels: { ...labels, environment: "someone" } });
  try {
    const { code, changes, stateful } = await summaryOf(["staging"]);
    expect(code).toBe(2);
    const path = "labels.environment";
    const attribute = {
      path,
      before: '"someone"',
      after: '"staging"',
      outside: true,
      forcesReplacement: false,
    };
    expect(changes).toEqual([
      { address: "hcloud_volume.data", action: "update", outside: false, attributes: [attribute] },
    ]);
    expect(stateful).toEqual([]);
  } finally {
    await fixture.drift("volumes", volume, { labels });
  }
});

test("a record of one of its hosts that was there before is refused by name: 1, until it is gone", async () => {
  const { CLOUDFLARE_BASE_URL: api, TF_VAR_cloudflare_token_staging: token } = fixture.variables;
  const url = `${api}/zones/${base.zones["your-app.com"]}/dns_records`;
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const old = { type: "A", name: "staging-ciam.your-app.com", content: "192.0.2.10", ttl: 1 };
  const made = await fetch(url, { method: "POST", headers, body: JSON.stringify(old) });
  const { result } = (await made.json()) as { result: { id: string } };
  const { code, outcomes } = await fixture.plan(["staging"]);
  expect([code, outcomes]).toMatchObject([
    1,
    [
      {
        failed: false,
        summary: { changes: [] },
        unknown: [
          {
            isInTheWay: true,
            what: "cloudflare_dns_record staging-ciam.your-app.com: A 192.0.2.10",
            remedy: expect.stringContaining("remove it at the provider"),
          },
        ],
      },
    ],
  ]);
  await fetch(`${url}/${result.id}`, { method: "DELETE", headers });
  expect((await fixture.plan(["staging"])).code).toBe(0);
});

test("a change of the bootstrap leaves the server as it is: a release brings it: 0", async () => {
  const checkout = fixture.checkout();
  try {
    checkout.plant("host/bootstrap/sshd.conf", "MaxAuthTries 3", "MaxAuthTries 4");
    checkout.plant("host/bootstrap/cloud-config.yaml", "package_update: true", "package_update: false");
    const { code, changes } = await summaryOf(["staging", "--no-lock"], {}, checkout.root);
    expect({ code, changes }).toEqual({ code: 0, changes: [] });
  } finally {
    checkout.remove();
  }
});

describe("a change that replaces the server", () => {
  const plans = () => join(fixture.folder, "plans");

  test("is an outage by its image, and leaves volume and addresses alone: 2", async () => {
    const checkout = fixture.checkout();
    try {
      checkout.plant("constructs/server.ts", "image: env.image", 'image: "debian-12"');
      const args = ["staging", "--no-lock", "--out", plans()];
      const { code, stateful, changes } = await summaryOf(args, {}, checkout.root);
      expect(code).toBe(2);
      expect(stateful).toMatchObject([
        { address: "hcloud_server.server[0]", action: "replace", kind: "outage" },
        { address: "hcloud_volume_attachment.server-data[0]", action: "replace", kind: "outage" },
      ]);
      const server = changes.find(({ address }) => address === "hcloud_server.server[0]");
      const forcing = server?.attributes.filter(({ forcesReplacement }) => forcesReplacement);
      expect(forcing?.map(({ path }) => path)).toEqual(["image"]);
    } finally {
      checkout.remove();
    }
  });

  test("raises a banner in the one comment, which the next run writes over", async () => {
    const bin = join(fixture.folder, "bin");
    mkdirSync(bin);
    const person = { id: 1, body: `${MARKER}\nmine`, user: { type: "User" } };
    const comments = fakeCommentGh(bin, [person]);
    const report = () =>
      fixture.olympus(["pr-report", "--plans", plans(), "--comment", "7"], {
        PATH: `${bin}${delimiter}${childEnvironment().PATH}`,
      });
    expect((await report()).stderr).toMatch(/^for this run: OLYMPUS_[^\n]*$/);
    const [, first] = comments();
    expect(first?.body).toContain("> [!WARNING]");
    expect(first?.body).toContain("replace `hcloud_server.server[0]`");
    expect(first?.body).toContain("### Parity: staging mirrors prod");
    expect((await report()).exitCode).toBe(0);
    expect(comments()).toEqual([person, first]);
  });

  test("wrote no token", () => {
    const written = readdirSync(plans()).map((file) => readFileSync(join(plans(), file), "utf8"));
    const tokens = Object.entries(fixture.variables).flatMap(([name, value]) =>
      name.startsWith("TF_VAR_") && value ? [value] : [],
    );
    expect(tokens).toHaveLength(5);
    for (const token of tokens) expect(written.join()).not.toContain(token);
  });
});

describe("what cannot be planned is an error and never an empty plan: 1", () => {
  test.each([
    ["hcloud", "TF_VAR_hcloud_token_staging", "0".repeat(64), "unauthorized"],
    ["cloudflare", "TF_VAR_cloudflare_token_staging", "0".repeat(40), "invalid access token"],
  ])("a wrong token of %s", async (_, variable, token, words) => {
    const { code, outcomes, stderr } = await fixture.plan(["staging"], { [variable]: token });
    expect(code).toBe(1);
    expect(outcomes).toEqual([{ stack: "staging", failed: true, reason: expect.any(String) }]);
    expect(stderr.toLowerCase()).toContain(words);
    expect(stderr).toContain('provision.md#when-it-fails, row "unauthorized"');
    expect(JSON.stringify(outcomes)).not.toContain(token);
    expect(stderr).not.toContain(token);
  });

  test("a missing token is named, and the other stacks are planned all the same", async () => {
    const out = join(fixture.folder, "partial");
    const { code, stderr } = await fixture.plan(["--out", out], { TF_VAR_hcloud_token_prod: undefined });
    expect(code).toBe(1);
    expect(stderr).toContain("HCLOUD_TOKEN_PROD");
    expect(readOutcomes(out).map(({ stack, failed }) => [stack, failed])).toEqual([
      ["prod", true],
      ["staging", false],
      ["zone-your-app-com", false],
    ]);
  });

  test("an unknown stack is named beside those that are", async () => {
    const { code, stderr } = await fixture.plan(["stagin"]);
    expect(code).toBe(1);
    expect(stderr).toContain("No such stack: stagin. There are prod, staging, zone-your-app-com.");
    expect(existsSync(join(fixture.folder, "stagin.json"))).toBe(false);
  });
});

test("no plan file is left, after success or failure", () => {
  expect(readdirSync(fixture.scratch).filter((name) => name.startsWith("olympus-plan-"))).toEqual([]);
});
