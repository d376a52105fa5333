import { expect, test } from "vitest";
import { nameProblems, unusedOverlays } from "../../config/load/environment-names.ts";
import type { ConfigSource } from "../../config/load/source.ts";
import { base } from "../support/fleet/base.ts";
import { fixtureFleet } from "../support/fleet/fleet.ts";
import { identities } from "../support/fleet/identities.ts";
import { prod } from "../support/fleet/prod.ts";
import { fixture } from "../support/fleet/source.ts";
import { staging } from "../support/fleet/staging.ts";
import { problemsOfSource } from "./changed-source.ts";

const found = (...names: unknown[]) => nameProblems(names, base.backup.bucketPrefix).map(({ path }) => path);

test.each([
  "staging",
  "dev",
  "test",
  "data",
  "q",
  "qa-2",
  "eu-west-1",
  "a--b",
  "x".repeat(46),
  "zone",
  "zones-a",
])("%s is a name", (name) => {
  expect(found("prod", name)).toEqual([]);
});

test.each<[name: unknown, allowed: RegExp]>([
  ["", /letters a-z/],
  ["1", /letters a-z/],
  ["2nd", /letters a-z/],
  ["-qa", /letters a-z/],
  ["qa-", /letters a-z/],
  ["QA", /letters a-z/],
  ["qa_1", /letters a-z/],
  ["qa.eu", /letters a-z/],
  ["../qa", /letters a-z/],
  ["qa\n", /letters a-z/],
  ["qä", /letters a-z/],
  ["__proto__", /letters a-z/],
  [7, /letters a-z/],
  [undefined, /letters a-z/],
  [Symbol("qa"), /letters a-z/],
  ["constructor", /none of .*constructor/],
  ["base", /none of base/],
  ["images", /none of .*images/],
  ["index", /none of .*index/],
  ["zone-your-app-com", /begin with zone-/],
  ["zone-", /letters a-z/],
  ["x".repeat(47), /at most 46 characters/],
])("%s is not a name", (name, allowed) => {
  const problems = nameProblems(["prod", name], base.backup.bucketPrefix);
  expect(problems).toMatchObject([
    { file: "config/environments.ts", path: "mirrors[0][0]", allowed: expect.stringMatching(allowed) },
  ]);
  expect(nameProblems([name, "qa"], base.backup.bucketPrefix).map(({ path }) => path)).toEqual([
    "reference[0]",
  ]);
});

test("a longer prefix of buckets leaves less for the name", () => {
  expect(nameProblems(["prod", "x".repeat(30)], "p".repeat(32))).toEqual([]);
  expect(nameProblems(["prod", "x".repeat(31)], "p".repeat(32))).toHaveLength(1);
  expect(nameProblems(["prod", "x".repeat(49)], "p")).toEqual([]);
  expect(nameProblems(["prod", "x".repeat(50)], "p")).toHaveLength(1);
});

test.each<[title: string, source: ConfigSource, paths: string[]]>([
  ["the fixture fleet", { ...fixture }, []],
  ["a mirror by the reference's name", { ...fixture, mirrors: [["prod", staging]] }, ["mirrors[0][0]"]],
  [
    "a mirror twice",
    {
      ...fixture,
      mirrors: [
        ["staging", staging],
        ["staging", staging],
      ],
    },
    ["mirrors[1][0]", "domain"],
  ],
  ["the reference as its own mirror", { ...fixture, mirrors: [["prod", prod]] }, ["mirrors[0][0]", "domain"]],
  [
    "one overlay under two names",
    {
      ...fixture,
      base: { ...base, environments: identities(["prod", "staging", "qa"]) },
      mirrors: [
        ["staging", staging],
        ["qa", staging],
      ],
    },
    ["domain"],
  ],
  ["no mirror", { ...fixture, mirrors: [] }, ["mirrors"]],
  ["a name that JavaScript sorts first", { ...fixture, mirrors: [["1", staging]] }, ["mirrors[0][0]"]],
  ["a name that an object has already", { ...fixture, mirrors: [["__proto__", staging]] }, ["mirrors[0][0]"]],
])("%s", (_, source, paths) => {
  expect(problemsOfSource(source).map(({ path }) => path)).toEqual(paths);
});

test("environments come in the order of their declaration", () => {
  expect(fixtureFleet().reference.name).toBe("prod");
  expect(fixtureFleet().mirrors.map(({ name }) => name)).toEqual(["staging"]);
});

test("a file of config/ that no environment uses is named", () => {
  const files = ["base.ts", "csr", "images.lock.json", "index.ts", "prod.ts", "staging.ts", "qa.ts"];
  expect(unusedOverlays(["prod", "staging"], files).map(({ file }) => file)).toEqual(["config/qa.ts"]);
  expect(unusedOverlays(["prod", "staging", "qa"], files)).toEqual([]);
  expect(unusedOverlays(["prod"], ["prod.ts", "staging.ts"]).map(({ file }) => file)).toEqual([
    "config/staging.ts",
  ]);
});
