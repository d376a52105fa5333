import { groupBy } from "./resources.ts";
import type { Rule, Subject, Violation } from "./rule.ts";
import * as catalogue from "./rules/index.ts";

/** A violation with the rule that objects. */
export interface PolicyFinding extends Violation {
  readonly id: string;
  readonly reason: string;
  readonly remedy: string;
}

/** Every rule there is. */
export const RULES: readonly Rule[] = Object.values(catalogue);

/** Holds every stack against every rule. Never throws: a rule that fails is itself a finding. */
export const evaluate = (subjects: readonly Subject[], rules: readonly Rule[] = RULES): PolicyFinding[] =>
  rules.flatMap((rule) =>
    violations(rule, subjects).map(({ stack, path, found }) => ({
      id: rule.id,
      stack,
      path,
      found,
      reason: rule.reason,
      remedy: rule.remedy,
    })),
  );

function violations(rule: Rule, subjects: readonly Subject[]): Violation[] {
  try {
    return rule.check(subjects);
  } catch (error) {
    const stack = subjects.map((subject) => subject.stack).join(", ");
    const why = error instanceof Error ? error.message : String(error);
    return [{ stack, path: "(whole)", found: `the rule itself failed, so its result is unknown: ${why}` }];
  }
}

/** The findings as one list for people, by rule: where, what was found, why it matters, what to do. */
export function describePolicy(findings: readonly PolicyFinding[]): string {
  if (findings.length === 0) return "No rule is broken.";
  const byRule = groupBy(findings, ({ id }) => id);
  const parts = [...byRule].map(([id, group]) => {
    const where = group.map(({ stack, path, found }) => `  ${stack}: ${path}\n    ${found}`);
    return [id, ...where, `  why  ${group[0]?.reason}`, `  do   ${group[0]?.remedy}`].join("\n");
  });
  const count = findings.length === 1 ? "1 finding" : `${findings.length} findings`;
  return [`${count}, ${byRule.size === 1 ? "1 rule" : `${byRule.size} rules`} broken`, ...parts].join("\n\n");
}
