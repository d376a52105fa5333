import { stackOf } from "../examples.ts";
import { inside, object, show, when } from "../resources.ts";
import type { Rule } from "../rule.ts";

const SECRET = /token|key|secret|password/i;

export const rule: Rule = {
  id: "token-variable-guarded",
  reason:
    "A default lets a deploy run with the wrong token, and a variable that is not sensitive is printed in plans.",
  remedy: "Declare the variable with sensitive true and without a default.",
  check: (subjects) =>
    subjects.flatMap(({ stack, document }) =>
      Object.entries(object(object(document).variable))
        .filter(([name]) => SECRET.test(name))
        .flatMap(([name, variable]) => {
          const { sensitive, default: fallback } = object(variable);
          return inside(stack, `variable.${name}`, [
            ...when(sensitive !== true, "sensitive", `sensitive is ${show(sensitive)}`),
            ...when(fallback !== undefined, "default", "it has a default"),
          ]);
        }),
    ),
  passing: [stackOf({ variable: { hcloud_token_prod: { sensitive: true } } })],
  failing: [
    stackOf({ variable: { hcloud_token_prod: {} } }),
    stackOf({ variable: { hcloud_token_prod: { sensitive: true, default: "" } } }),
  ],
};
