import { expect, test } from "vitest";
import { parse } from "yaml";
import { answerProblems } from "../../../cli/init/answer-problems.ts";
import { answersOf, readAnswers, sourceOf } from "../../../cli/init/answers.ts";
import { answersText } from "../../../cli/init/answers-text.ts";
import { loadFleet } from "../../../config/index.ts";
import { base } from "../../support/fleet/base.ts";
import { fixture } from "../../support/fleet/source.ts";
import { OWN, ownText } from "./own-answers.ts";

const current = answersOf(fixture);
const read = (text: string) => readAnswers("answers.yaml", text, current);
const problems = (text: string) => {
  const { answers, problems } = read(text);
  return [...problems, ...answerProblems("answers.yaml", answers, fixture)];
};

test("what the configuration says is what its answers mean", () => {
  const source = sourceOf(current, fixture);
  expect(source).toEqual({
    base: fixture.base,
    reference: fixture.reference,
    mirrors: fixture.mirrors,
  });
  expect(loadFleet({ ...source, requests: fixture.requests ?? "" }, {}).base.zones).toEqual(base.zones);
});

test("printed and read again they are the same, with a comment above what is asked for", () => {
  const text = answersText(current);
  expect(parse(text)).toEqual(current);
  expect(read(text)).toMatchObject({ answers: current, problems: [] });
  expect(text).toContain("  # Where ssh may come from; the runners' addresses, too.\n  cidrs:");
});

test("what is left out stays, maps of names and lists are replaced, null takes away", () => {
  const { answers } = read(
    `${ownText()}accepts: { shared-zone: null }\nrateLimits: { token: { events: 9 } }\n`,
  );
  expect(answers.zones).toEqual(OWN.zones);
  expect(answers.operators).toEqual(OWN.operators);
  expect(answers.email).toEqual({ provider: "postmark", senderName: "Acme" });
  expect(answers.rateLimits).toEqual({ ...base.rateLimits, token: { events: 9, window: "1m" } });
  expect(Object.keys(answers.accepts as object)).toEqual(Object.keys(base.accepts).slice(1));
  expect(answers.environments.staging).toEqual({
    ...current.environments.staging,
    ...OWN.environments.staging,
  });
  expect(answerProblems("answers.yaml", answers, fixture)).toEqual([]);
});

test("a block that init does not know of is neither lost nor hidden", () => {
  const more = answersOf({ ...fixture, base: { ...base, mailRecords: { spf: ["a"] } } });
  expect(more.mailRecords).toEqual({ spf: ["a"] });
  expect(parse(answersText(more)).mailRecords).toEqual({ spf: ["a"] });
  const { answers } = readAnswers("answers.yaml", ownText(), more);
  expect((sourceOf(answers, fixture).base as { mailRecords: unknown }).mailRecords).toEqual({
    spf: ["a"],
  });
});

test("all problems are in one list, each at its place in the file", () => {
  const found = problems(`
zones: { acme.com: 12 }
nope: 1
images: {}
oidcProviders: [goggle]
environments:
  eu: { domain: x }
  prod: { domain: acme.com, color: red }
  staging: 7
developers: null
`);
  expect(found.map(({ path }) => path)).toEqual([
    "images",
    "environments.eu",
    "environments.staging",
    'zones["acme.com"]',
    "developers",
    "oidcProviders[0]",
    "nope",
    "environments.prod.color",
  ]);
  expect(found.every(({ file }) => file === "answers.yaml")).toBe(true);
  const allowed = Object.fromEntries(found.map((problem) => [problem.path, problem.allowed]));
  expect(allowed["environments.prod.color"]).toBe(
    "deployKey, firstAdministrator, budget, domain, hostType, rateLimits",
  );
  expect(allowed.nope).not.toContain("images");
});

test("no value of the example is let through, and none of another's", () => {
  const paths = problems("{}").map(({ path }) => path);
  expect(paths).toEqual(expect.arrayContaining(["zones", "repository", "environments.prod.domain"]));
  expect(paths).toHaveLength(18);
  expect(problems(ownText())).toEqual([]);
});

test("what belongs to two answers is refused at one of them", () => {
  const [first] = problems(ownText({ location: "nbg1", backup: { endpoint: "https://nbg1.example.org" } }));
  expect(first?.path).toBe("backup.endpoint");
});

test.each(["- a", "a: [", "a: 1\na: 2", ""])("%j is not a file of answers", (text) => {
  expect(() => read(text)).toThrow(/answers\.yaml is not YAML[\s\S]*Nothing was written/);
});
