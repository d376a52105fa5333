import { expect, test } from "vitest";
import { loadFleet } from "../../config/index.ts";
import { architectureOf, monthlyCost, SERVER_TYPES, total } from "../../config/prices.ts";
import { checkFleet } from "../../stacks/program.ts";
import { prod } from "../support/fleet/prod.ts";
import { fixture } from "../support/fleet/source.ts";
import { staging } from "../support/fleet/staging.ts";

const fleet = (production: string, rehearsal: string) =>
  loadFleet(
    {
      ...fixture,
      reference: ["prod", { ...prod, hostType: production }],
      mirrors: [
        [
          "staging",
          { ...staging, hostType: rehearsal, extras: { ...staging.extras, fallbackTypes: [production] } },
        ],
      ],
    },
    {},
  );

test.each([
  ["cax21", "cax11"],
  ["cpx32", "cpx22"],
  ["cx33", "cx23"],
  ["cpx32", "cx23"],
])("%s and %s are a fleet", (production, rehearsal) => {
  const { parity, documents, policy } = checkFleet(fleet(production, rehearsal));
  expect([...parity.flatMap(({ findings }) => findings), ...documents, ...policy]).toEqual([]);
});

test("environments of two architectures are none", () => {
  const source = fleet("cax21", "cax11");
  const [mirror] = source.mirrors;
  if (!mirror) throw new Error("the fixture has a mirror");
  const other = { ...mirror, environment: { ...mirror.environment, hostType: "cpx22" as const } };
  expect(checkFleet({ ...source, mirrors: [other] }).policy.map(({ id }) => id)).toContain(
    "one-architecture",
  );
});

test("every type has a price of the dated book, and says what it runs", () => {
  for (const hostType of SERVER_TYPES) {
    expect(total(monthlyCost({ hostType, volumeGb: 20 }))).toBeGreaterThan(5);
    expect(architectureOf(hostType)).toBe(hostType.startsWith("cax") ? "arm64" : "amd64");
  }
});
