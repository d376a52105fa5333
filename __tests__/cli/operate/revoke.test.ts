import { describe, expect, test } from "vitest";
import { keySteps } from "../../../cli/operate/revoke/machines.ts";
import { repositorySteps } from "../../../cli/operate/revoke/repository.ts";
import { type Leaver, revokeText } from "../../../cli/operate/revoke/steps.ts";
import { fixtureFleet } from "../../support/fleet/fleet.ts";

const { base } = fixtureFleet();
const ENVIRONMENTS = ["prod", "staging"];
const AGE = `age1${"q".repeat(58)}`;
const KEY = Object.values(base.developers.sshKeys)[0] ?? "";
const ada: Leaver = { name: "ada", account: "ada@your-app.com", login: "ada-l", age: AGE };
const withKey = (comment: string) => KEY.replace(/ [^ ]*$/, ` ${comment}`);

describe("what this repository has of a person", () => {
  const steps = (leaver: Leaver, changes: Partial<typeof base> = {}, files: Record<string, string> = {}) =>
    repositorySteps(leaver, { ...base, ...changes }, ENVIRONMENTS, (path) => files[path]).map(
      ({ part, what, remedy }) => `${part} ${what} -> ${remedy}`,
    );

  test("nothing of somebody whom no file names", () => {
    expect(
      steps(
        ada,
        {},
        { ".github/CODEOWNERS": "/config/ @your-org/infra\n", ".sops.yaml": "creation_rules: []" },
      ),
    ).toEqual([]);
  });
  test.each<[string, Partial<typeof base>, Record<string, string>, RegExp]>([
    [
      "a key by its name",
      { operators: { ...base.operators, sshKeys: { ada: KEY } } },
      {},
      /^3 config\/base.ts: operators.sshKeys has ada -> delete it, .*ENV=prod .*release prod; ENV=staging .*release staging$/,
    ],
    [
      "a key by its comment",
      { developers: { sshKeys: { laptop: withKey("ada@your-app.com") } } },
      {},
      /^3 .*developers.sshKeys has laptop/,
    ],
    [
      "a deploy's key",
      {
        environments: {
          ...base.environments,
          prod: { deployKey: withKey("ada"), firstAdministrator: "b@your-app.com" },
        },
      },
      {},
      /^3 .*deploy's key of prod is theirs -> .*SSH_KEY/,
    ],
    [
      "the first administrator",
      {
        environments: {
          ...base.environments,
          staging: { deployKey: KEY, firstAdministrator: "Ada@your-app.com" },
        },
      },
      {},
      /^1 staging: .*first administrator -> another in environments.staging/,
    ],
    [
      "the alerts",
      { monitoring: { ...base.monitoring, alertEmail: "ada@your-app.com" } },
      {},
      /^1 alerts go to them/,
    ],
    [
      "an owner of code",
      {},
      { ".github/CODEOWNERS": "# @ada-l was\n/config/ @your-org/infra @ada-l\n/x @ada-l\n" },
      /^2 .*names @ada-l on 2 lines/,
    ],
    [
      "a recipient by its comment",
      {},
      { ".sops.yaml": `age: ${AGE.replace("q", "z")} # ada` },
      /^4 .sops.yaml names/,
    ],
    ["a recipient", {}, { ".sops.yaml": `- age: ${AGE}` }, /^4 .sops.yaml names/],
    [
      "a file that opens with it",
      {},
      { "secrets/prod.yaml": `recipient: ${AGE}` },
      /^4 secrets\/prod.yaml opens .* -> sops updatekeys secrets\/prod.yaml; .*rotate/,
    ],
  ])("%s", (_, changes, files, expected) => {
    const found = steps(ada, changes, files);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(expected);
  });
  test("nothing of somebody whose name only begins like it", () => {
    const changes = { operators: { ...base.operators, sshKeys: { adam: withKey("adam@your-app.com") } } };
    expect(steps(ada, changes, { ".github/CODEOWNERS": "/x @ada-l-too\n" })).toEqual([]);
    expect(keySteps({ name: "prod" }, ada, `${withKey("adam@your-app.com")}\n${withKey("ada-2")}\n`)).toEqual(
      [],
    );
  });
});

test("a key that the machine takes and that names the person is left, by its comment alone", () => {
  const keys = `${withKey("ada@your-app.com")}\n${KEY}\nssh-ed25519 AAAA\n\n`;
  expect(keySteps({ name: "prod" }, ada, keys)).toEqual([
    expect.objectContaining({
      part: 3,
      is: "left",
      what: "prod: the machine takes a key «ada@your-app.com»",
    }),
  ]);
});

test("the text goes through the runbook's parts and ends with what is left", () => {
  const text = revokeText(
    ada,
    [
      { part: 3, is: "left", what: "a key", remedy: "delete it" },
      { part: 1, is: "done", what: "prod: both are ended" },
    ],
    true,
  );
  expect(text.split("\n")).toEqual([
    "revoke ada (nothing is changed)",
    "1. the administrators' pages",
    "  - prod: both are ended",
    "2. GitHub",
    "  nothing names them",
    "3. the machines",
    "  ! a key",
    "      delete it",
    "4. the secrets",
    "  nothing names them",
    "1 left: do them, then run this again",
  ]);
  expect(revokeText(ada, [], false)).toMatch(/\nnothing left that a program can see; /);
});
