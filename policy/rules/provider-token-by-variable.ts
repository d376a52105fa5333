import { interpolation, stackOf } from "../examples.ts";
import { list, object } from "../resources.ts";
import type { Rule } from "../rule.ts";

const SECRET = /token|key|secret|password/i;

export const rule: Rule = {
  id: "provider-token-by-variable",
  reason: "What is in a provider block is in every written file, and in the state's backups.",
  remedy: "Take tokens from a variable of the stack, whose value comes by TF_VAR_ from the environment.",
  check: (subjects) =>
    subjects.flatMap(({ stack, document }) =>
      Object.entries(object(object(document).provider)).flatMap(([name, blocks]) =>
        list(blocks).flatMap((block, i) =>
          Object.entries(object(block))
            .filter(([key, value]) => SECRET.test(key) && !/^\$\{var\.[\w-]+\}$/.test(String(value)))
            .map(([key]) => ({
              stack,
              path: `provider.${name}.${i}.${key}`,
              found: "a value that is not from a variable",
            })),
        ),
      ),
    ),
  passing: [stackOf({ provider: { hcloud: [{ token: interpolation("var.hcloud_token_prod") }] } })],
  failing: [stackOf({ provider: { hcloud: [{ token: "a-literal-token" }] } })],
};
