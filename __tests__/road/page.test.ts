import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { OWN_VALUES, valuesIn } from "./answers.ts";
import { forEnvironment, isForEach, roadSteps } from "./page.ts";
import { byHand } from "./record.ts";
import { ON_MACHINES, TYPED } from "./walk.ts";

const steps = roadSteps();

test("the page is numbered without a gap, and each step is a visit or a command", () => {
  expect(steps.map(({ number }) => number)).toEqual(steps.map((_, index) => index + 1));
  expect(steps.filter((step) => !step.isVisit && !step.commands.length).map(({ text }) => text)).toEqual([]);
});

test("each command of the page is typed by the recorded run", () => {
  const typed = steps.filter(({ isVisit }) => !isVisit).flatMap((step) => step.commands);
  expect([...new Set(typed)].sort()).toEqual(Object.keys(TYPED).sort());
  for (const command of Object.keys(ON_MACHINES)) expect(typed).toContain(command);
});

test("two environments take at most fifteen steps by hand", () => {
  const [, count] = /^\*\*By hand\*\*: (\d+) steps/.exec(byHand(steps, 2, valuesIn(OWN_VALUES))) ?? [];
  // Seven visits and the merge, six commands, one value.
  expect(Number(count)).toBe(15);
});

test("a step that nobody numbered, and a command that nobody types, are found", () => {
  const planted =
    "## B. This computer\n\n1. `./olympus init`\n2. Do something.\n   `./olympus smoke staging`\n\n`./olympus plan`\n";
  expect(roadSteps(planted)).toMatchObject([
    { number: 1, part: "B. This computer", isVisit: false, commands: ["./olympus init"] },
    { number: 2, commands: ["./olympus smoke staging"] },
  ]);
});

test("the record has every command of the page, for each environment: typed, or with the reason why not", () => {
  const record = readFileSync("docs/first-deploy-transcript.md", "utf8");
  const missing = steps
    .filter(({ isVisit }) => !isVisit)
    .flatMap((step) =>
      (isForEach(step) ? ["staging", "prod"] : ["staging"]).flatMap((name) =>
        step.commands.map((command) => ({
          onPage: forEnvironment(command, name),
          typed: forEnvironment(TYPED[command] ?? command, name),
        })),
      ),
    )
    .filter(
      ({ onPage, typed }) => !record.includes(`$ ${typed}`) && !record.includes(`$ ${onPage}   not here: `),
    );
  expect(missing).toEqual([]);
});
