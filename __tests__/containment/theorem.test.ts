import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Facts } from "../../containment/facts.ts";
import { evaluateContainment } from "../../containment/theorem.ts";
import { DECISIONS, untouched } from "./facts.ts";
import { OPENS_PROD, STAGING_JOBS, secretIn, withJob, withStaging } from "./plant.ts";

const TODAY = new Date("2026-12-01T12:00:00Z");
const report = (facts: Facts, accepted = DECISIONS, today: Date | undefined = TODAY) =>
  evaluateContainment(facts, accepted, today);

test("the untouched fleet has no finding, and every path of it is accepted", () => {
  const { findings, accepted } = report(untouched);
  expect(findings).toEqual([]);
  expect(new Set(accepted.flatMap(({ entries }) => entries))).toEqual(
    new Set(["shared-zone", "shared-site", "plan-of-pull-requests"]),
  );
});

test("with a zone and a domain of its own no path leads from staging into production, and nothing needs to be accepted", () => {
  const apart: Facts = {
    ...withStaging(({ hosts }) => ({
      zone: "your-app-staging.net",
      site: "your-app-staging.net",
      hosts: hosts.map((host) => host.replace("your-app.com", "your-app-staging.net")),
    })),
    jobs: untouched.jobs.map((one) => ({
      ...one,
      secrets: one.secrets.filter((name) => !name.endsWith("_READ")),
    })),
  };
  expect(report(apart, {})).toMatchObject({ findings: [], accepted: [] });
});

test("a finding has every step of its path", () => {
  const [found] = report(secretIn("deploy.yml staging", "HCLOUD_TOKEN_PROD")).findings;
  expect(found?.path).toEqual([
    "GitHub environment staging",
    "HCLOUD_TOKEN_PROD in GitHub environment staging",
    "write server, volume and firewall of prod",
  ]);
});

describe("what is accepted", () => {
  const laws = (today: string, accepted = DECISIONS) => {
    const { findings, expiring } = report(untouched, accepted, new Date(today));
    return { findings: findings.length, expiring };
  };
  test("is a finding where it is not", () => {
    expect(laws("2026-12-01T00:00:00Z", {}).findings).toBe(report(untouched).accepted.length);
  });
  test.each([
    ["2027-05-01T00:00:00Z", { findings: 0, expiring: [] }],
    ["2027-05-02T00:00:00Z", { findings: 0, expiring: Object.keys(DECISIONS) }],
    ["2027-05-31T23:00:00Z", { findings: 0, expiring: Object.keys(DECISIONS) }],
    ["2027-06-01T00:00:00Z", { findings: report(untouched).accepted.length, expiring: [] }],
  ])("on %s", (today, expected) => {
    expect(laws(today)).toEqual(expected);
  });
  test("never expires where nobody asks for the day, as a night does not", () => {
    expect(report(untouched, DECISIONS, undefined).findings).toEqual([]);
  });
  test("is not what no entry is about", () => {
    const findings = report(secretIn("deploy.yml staging", "SSH_KEY_PROD")).findings;
    expect(findings.map(({ message }) => message)).toContain(
      "nothing on this path may be accepted: take one of its steps away",
    );
  });
});

test("whatever credential of production staging is given, wherever, it is found", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...OPENS_PROD),
      fc.constantFrom(...STAGING_JOBS, "pr.yml plan", "long.yml long", "pr.yml check"),
      fc.array(
        fc.constantFrom("a", "HCLOUD_TOKEN", "SSH_KEY", "SMOKE_PASSWORD", "STATE_ACCESS_KEY_ID_STAGING"),
        {
          maxLength: 5,
        },
      ),
      (secret, name, more) => {
        const facts = withJob(name, ({ secrets }) => ({ secrets: [...secrets, ...more, secret] }));
        return report(facts).findings.some(
          ({ law, path }) => law === "containment" && path.join().includes(secret),
        );
      },
    ),
  );
});
