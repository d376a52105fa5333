import type { DocumentFinding } from "./finding.ts";

/** Stacks that are written and nothing proves, and stacks that should be written and are not. Pure. */
export const stackFindings = (expected: readonly string[], written: readonly string[]): DocumentFinding[] => [
  ...written
    .filter((stack) => !expected.includes(stack))
    .map((stack) => finding(stack, undefined, "a stack")),
  ...expected
    .filter((stack) => !written.includes(stack))
    .map((stack) => finding(stack, "a stack", undefined)),
];

const finding = (
  stack: string,
  expected: string | undefined,
  found: string | undefined,
): DocumentFinding => ({
  law: "written",
  stack,
  path: "(whole)",
  expected,
  found,
  message: found ? "is declared, and belongs to no environment or zone" : "is not declared",
});
