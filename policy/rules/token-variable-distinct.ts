import { stackOf } from "../examples.ts";
import { object, repeated } from "../resources.ts";
import type { Rule } from "../rule.ts";

export const rule: Rule = {
  id: "token-variable-distinct",
  reason: "With one name for two stacks, a shell that holds staging's token deploys prod with it.",
  remedy: "Let the name of the variable carry the name of the stack.",
  check: (subjects) => {
    const variables = subjects.flatMap(({ stack, document }) =>
      Object.keys(object(object(document).variable)).map((name) => ({ stack, name })),
    );
    return repeated(variables, ({ name }) => name).map(({ stack, name }) => ({
      stack,
      path: `variable.${name}`,
      found: `${name} is a variable of ${variables.find((first) => first.name === name)?.stack} too`,
    }));
  },
  passing: [
    stackOf({ variable: { token_prod: {} } }),
    stackOf({ variable: { token_staging: {} } }, { stack: "staging" }),
  ],
  failing: [stackOf({ variable: { token: {} } }), stackOf({ variable: { token: {} } }, { stack: "staging" })],
};
