import { describe, expect, test } from "vitest";
import { soakFindings } from "../../../cli/delivery/soak/findings.ts";
import { failuresIn, type MachineSample } from "../../../cli/delivery/soak/machine-sample.ts";
import { bundleHash, contents, environmentContents } from "../../../cli/release/contents.ts";
import type { Status } from "../../../cli/release/machine-status.ts";
import { promotionObstacle } from "../../../cli/release/promotion.ts";
import type { MachineFacts } from "../../../cli/shared/machine-facts.ts";
import { fixtureFleet } from "../../support/fleet/fleet.ts";

const RELEASE = "20261124T093000Z-0123456789ab";
const MINUTE = 60_000;

const sampleOf = (
  changes: { current?: string; problems?: string[]; restarts?: number } & Partial<MachineSample> = {},
): MachineSample => {
  const { current = RELEASE, problems = [], restarts = 0, failures = 0, at = 0 } = changes;
  const container = { name: "ciam-hera", state: "running", health: "healthy", restarts, exit: 0 };
  const status = { facts: { current } as MachineFacts, problems, health: { containers: [container] } };
  return { status: status as unknown as Status, failures, at };
};

describe("a round of a soak", () => {
  const before = sampleOf({ restarts: 2, failures: 10 });
  test.each<[string, MachineSample | undefined, MachineSample, string[]]>([
    ["is well in the first round", undefined, sampleOf({ restarts: 5, failures: 900 }), []],
    ["is well when nothing happened", before, sampleOf({ restarts: 2, failures: 10, at: 5 * MINUTE }), []],
    ["bears one answer of 5xx a minute", before, sampleOf({ restarts: 2, failures: 15, at: 5 * MINUTE }), []],
    [
      "does not bear more",
      before,
      sampleOf({ restarts: 2, failures: 16, at: 5 * MINUTE }),
      ["6 5xx responses in 5 min; the limit is 1 a minute"],
    ],
    [
      "counts from zero when Caddy started anew",
      before,
      sampleOf({ restarts: 2, failures: 7, at: 5 * MINUTE }),
      ["7 5xx responses in 5 min; the limit is 1 a minute"],
    ],
    [
      "sees a crash",
      before,
      sampleOf({ restarts: 3, failures: 10 }),
      ["ciam-hera crashed and was started again"],
    ],
    [
      "repeats what the machine says",
      before,
      sampleOf({ restarts: 2, failures: 10, problems: ["unit x has failed"] }),
      ["unit x has failed"],
    ],
    [
      "sees that another release serves",
      before,
      sampleOf({ current: "other" }),
      [`it serves other, not ${RELEASE}, which is under observation`],
    ],
  ])("%s", (_, earlier, now, wanted) => {
    expect(soakFindings(RELEASE, earlier, now)).toEqual(wanted);
  });
});

test("answers of 5xx are counted once each, whatever else Caddy counts", () => {
  const line = (labels: string, count: number): string =>
    `caddy_http_request_duration_seconds_count{${labels}} ${count}\n`;
  const metrics =
    line('code="200",handler="subroute",host="a",method="GET",server="srv1"', 7) +
    line('code="502",handler="subroute",host="a",method="GET",server="srv1"', 2) +
    line('code="502",handler="reverse_proxy",host="a",method="GET",server="srv1"', 2) +
    line('code="500",handler="subroute",host="b",method="POST",server="srv1"', 1) +
    'caddy_http_requests_total{handler="subroute",host="500",server="srv1"} 9\n';
  expect(failuresIn(metrics)).toBe(3);
  expect(failuresIn("")).toBe(0);
});

describe("what soaked", () => {
  const { reference, mirrors } = fixtureFleet();
  const [prod, staging] = [reference.environment, mirrors[0]?.environment ?? reference.environment];

  test("has the same hash in both environments, though their releases have not", () => {
    expect(bundleHash(staging)).toBe(bundleHash(prod));
    expect(environmentContents(staging).hash).not.toBe(environmentContents(prod).hash);
  });
  test("has another hash with another image", () => {
    const kratos = { ...prod.images.kratos, digest: `sha256:${"0".repeat(64)}` };
    expect(bundleHash({ ...prod, images: { ...prod.images, kratos } })).not.toBe(bundleHash(prod));
  });
  test("is the only thing that a release for it brings", () => {
    expect(promotionObstacle(prod, bundleHash(staging))).toEqual([]);
    expect(promotionObstacle(prod, undefined)).toEqual([]);
    expect(promotionObstacle(prod, "")).toEqual([expect.stringContaining("what soaked is nothing")]);
    const other = contents([]).hash;
    expect(promotionObstacle(prod, other)).toEqual([expect.stringContaining(`what soaked is ${other}`)]);
  });
});
