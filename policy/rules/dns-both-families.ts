import { withResources } from "../examples.ts";
import { everywhere, groupBy, type Resource, show, text } from "../resources.ts";
import type { Rule, Subject } from "../rule.ts";

const addressRecords = (subjects: readonly Subject[]): Resource[] =>
  everywhere(subjects, "cloudflare_dns_record").filter(
    ({ body }) => (body.type === "A" || body.type === "AAAA") && text(body.name) !== undefined,
  );

export const rule: Rule = {
  id: "dns-both-families",
  reason:
    "A name with one family only behaves differently for visitors of the other, and tests see one of them.",
  remedy: "Declare an A and an AAAA record for the name.",
  check: (subjects) =>
    [...groupBy(addressRecords(subjects), ({ stack, body }) => `${stack} ${text(body.name)}`).values()]
      .filter((records) => new Set(records.map(({ body }) => body.type)).size === 1)
      .flatMap((records) => records.slice(0, 1))
      .map(({ stack, path, body }) => ({
        stack,
        path: `${path}.name`,
        found: `${show(body.name)} has only ${show(body.type)}`,
      })),
  passing: [
    withResources("cloudflare_dns_record", { a: { type: "A", name: "x" }, b: { type: "AAAA", name: "x" } }),
  ],
  failing: [
    withResources("cloudflare_dns_record", { a: { type: "A", name: "x" }, b: { type: "AAAA", name: "y" } }),
  ],
};
