import { expect, test } from "vitest";
import { base } from "../support/fleet/base.ts";
import { identities } from "../support/fleet/identities.ts";
import { fixture } from "../support/fleet/source.ts";
import { problemsOfSource } from "./changed-source.ts";

const [operator = ""] = Object.values(base.operators.sshKeys);
const [developer = ""] = Object.values(base.developers.sshKeys);
const own = identities(["prod", "staging"]);
const deployKey = (name: string): string => own[name]?.deployKey ?? "";
const withKey = (environment: string, key: string) => ({
  environments: { ...own, [environment]: { deployKey: key, firstAdministrator: "admin@your-app.com" } },
});

test.each<[title: string, change: object, paths: string[]]>([
  ["each with a key of its own", { environments: own }, []],
  ["one person administers both first", { environments: own }, []],
  ["staging's is prod's", withKey("staging", deployKey("prod")), ["environments.staging.deployKey"]],
  [
    "the same under another comment",
    withKey("staging", `${deployKey("prod")} ci`),
    ["environments.staging.deployKey"],
  ],
  [
    "staging's is an operator's, which opens prod",
    withKey("staging", operator),
    ["environments.staging.deployKey"],
  ],
  [
    "prod's is a developer's, which opens staging",
    withKey("prod", developer),
    ["environments.prod.deployKey"],
  ],
  [
    "a developer is an operator as well",
    { developers: { sshKeys: { jane: operator } } },
    ["developers.sshKeys.jane"],
  ],
  ["an environment without a block", { environments: identities(["prod"]) }, ["environments.staging"]],
  ["a private key", withKey("prod", "-----BEGIN OPENSSH PRIVATE KEY-----"), ["environments.prod.deployKey"]],
])("%s", (_, change, paths) => {
  expect(problemsOfSource({ ...fixture, base: { ...base, ...change } }).map(({ path }) => path)).toEqual(
    paths,
  );
});
