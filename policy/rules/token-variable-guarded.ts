import { interpolation, stackOf } from "../examples.ts";
import { inside, object, show, when } from "../resources.ts";
import type { Rule } from "../rule.ts";

/** What a name says of a secret, and the variables that a provider takes its token from. */
const SECRET = /token|key|secret|password/i;
const FROM_VARIABLE = /"\w*(?:token|key|secret|password)\w*":"\$\{var\.([\w-]+)\}"/g;

export const rule: Rule = {
  id: "token-variable-guarded",
  reason:
    "A default lets a deploy run with the wrong token, and a variable that is not sensitive is printed in plans.",
  remedy: "Declare the variable with sensitive true and without a default.",
  check: (subjects) =>
    subjects.flatMap(({ stack, document }) => {
      const { provider = {}, variable } = object(document);
      const taken = [...JSON.stringify(provider).matchAll(FROM_VARIABLE)].map(([, name]) => name);
      return Object.entries(object(variable))
        .filter(([name]) => SECRET.test(name) || taken.includes(name))
        .flatMap(([name, body]) => {
          const { sensitive, default: fallback } = object(body);
          return inside(stack, `variable.${name}`, [
            ...when(sensitive !== true, "sensitive", `sensitive is ${show(sensitive)}`),
            ...when(fallback !== undefined, "default", "it has a default"),
          ]);
        });
    }),
  passing: [stackOf({ variable: { hcloud_token_prod: { sensitive: true } } })],
  failing: [
    stackOf({ variable: { hcloud_token_prod: { sensitive: true, default: "" } } }),
    stackOf({ variable: { hcloud: {} }, provider: { hcloud: [{ token: interpolation("var.hcloud") }] } }),
  ],
};
