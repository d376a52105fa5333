import { expect, test } from "vitest";
import { shipped } from "../../config/environments.ts";
import { problemsOfSource } from "./changed-source.ts";

test("the configuration of this checkout has no problem", () => {
  expect(problemsOfSource(shipped)).toEqual([]);
});
