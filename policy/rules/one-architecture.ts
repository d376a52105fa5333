import { architectureOfServer } from "../architecture.ts";
import { withResource } from "../examples.ts";
import { everywhere, show, text } from "../resources.ts";
import type { Rule, Subject } from "../rule.ts";

const server = (stack: string, server_type: string): Subject => ({
  ...withResource("hcloud_server", { server_type }),
  stack,
});

export const rule: Rule = {
  id: "one-architecture",
  reason:
    "Programs of another architecture are other programs: what passed on staging is not what production runs.",
  remedy: "Choose types of one architecture for all environments: cax for ARM, any other for x86.",
  check: (subjects) => {
    const [first, ...rest] = everywhere(subjects, "hcloud_server").flatMap(({ stack, path, body }) => {
      const type = text(body.server_type);
      return type ? [{ stack, path, type }] : [];
    });
    return rest
      .filter(({ type }) => architectureOfServer(type) !== architectureOfServer(first?.type ?? type))
      .map(({ stack, path, type }) => ({
        stack,
        path: `${path}.server_type`,
        found: `${show(type)} is ${architectureOfServer(type)}, and ${first?.stack}'s ${show(first?.type)} is ${architectureOfServer(first?.type ?? "")}`,
      }));
  },
  passing: [server("prod", "cpx32"), server("staging", "cpx22")],
  failing: [server("prod", "cax21"), server("staging", "cpx22")],
};
