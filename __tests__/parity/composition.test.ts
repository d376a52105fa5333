import { expect, test } from "vitest";
import { compositionFindings } from "../../parity/composition.ts";
import { type Json, leaves } from "../../parity/json.ts";
import { stackFindings } from "../../parity/stacks.ts";
import { renderZone } from "../../stacks/rendering.ts";
import { fixtureFleet } from "../support/fleet/fleet.ts";

const rules = (expression: string, limit = 10): Json => ({
  resource: { ruleset: { rules: [{ expression, ratelimit: { requests_per_period: limit } }] } },
});
const found = (composed: Json, alone: Record<string, Json>) =>
  compositionFindings("zone", composed, alone).map(({ path }) => path);

const PROD = rules('(http.host in {"ciam.app.com"}) and not (ip.src in {192.0.2.0/24})', 10);
const STAGING = rules('(http.host in {"staging-ciam.app.com"}) and not (ip.src in {192.0.2.0/24})', 100);
const together = (hosts: string, limit: number) =>
  rules(`(http.host in {${hosts}}) and not (ip.src in {192.0.2.0/24})`, limit);
const BOTH = '"ciam.app.com" "staging-ciam.app.com"';

test("a shared zone is the union of hosts and the loosest limit", () => {
  expect(found(together(BOTH, 100), { prod: PROD, staging: STAGING })).toEqual([]);
  expect(found(PROD, { prod: PROD })).toEqual([]);
});

test.each([
  ["a host that is forgotten", together('"ciam.app.com"', 100), "expression"],
  ["a host that nobody asked for", together(`${BOTH} "else.app.com"`, 100), "expression"],
  ["the stricter limit", together(BOTH, 10), "requests_per_period"],
  ["a limit of its own", together(BOTH, 1000), "requests_per_period"],
])("%s is a finding", (_, composed, where) => {
  expect(found(composed, { prod: PROD, staging: STAGING }).join()).toMatch(new RegExp(`^[^,]*${where}$`));
});

test("what its environments need and cannot both have is a finding, whatever the zone holds", () => {
  const open = rules('(http.host in {"staging-ciam.app.com"}) and not (ip.src in {0.0.0.0/0}) or true', 100);
  expect(found(together(BOTH, 100), { prod: PROD, staging: open })).toEqual([
    "resource.ruleset.rules[0].expression",
  ]);
});

const { reference, mirrors } = fixtureFleet();
const [first, ...rest] = [reference, ...mirrors].map(({ environment }) => environment);
if (!first) throw new Error("the shipped fleet has a reference");
const zone = renderZone([first, ...rest]);
const alone = Object.fromEntries([first, ...rest].map((env) => [env.name, renderZone([env])]));

/** The document with every leaf changed in turn, and every leaf taken away. */
function* faults(document: Json): Generator<readonly [path: string, faulty: Json]> {
  for (const { path, keys } of leaves(document))
    for (const becomes of ["changed", undefined]) {
      const copy = structuredClone(document);
      let at = copy as Record<string | number, Json>;
      for (const key of keys.slice(0, -1)) at = at[key] as Record<string | number, Json>;
      const last = keys.at(-1) ?? "";
      if (becomes !== undefined) at[last] = becomes;
      else delete at[last];
      yield [path, copy];
    }
}

test("nobody objects to the shipped zone, and to whatever is changed in it", () => {
  expect(compositionFindings("zone", zone, alone)).toEqual([]);
  const misses = [...faults(zone)].filter(([, faulty]) => !compositionFindings("zone", faulty, alone).length);
  expect(misses.map(([path]) => path)).toEqual([]);
});

test("each stack that is written belongs to an environment or a zone, and each of those is written", () => {
  expect(stackFindings(["prod", "zone"], ["zone", "prod"])).toEqual([]);
  expect(stackFindings(["prod"], ["prod", "rogue"]).map(({ stack, found }) => [stack, found])).toEqual([
    ["rogue", "a stack"],
  ]);
  expect(stackFindings(["prod", "zone"], ["prod"]).map(({ stack, found }) => [stack, found])).toEqual([
    ["zone", undefined],
  ]);
});
