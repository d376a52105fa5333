import { each, resources, texts } from "../resources.ts";
import type { Rule, Subject } from "../rule.ts";

const proxiedNames = (subject: Subject): Set<string> =>
  new Set(
    resources(subject, "cloudflare_dns_record").flatMap(({ body }) => (body.proxied ? texts(body.name) : [])),
  );

const origin = (stack: string, name: string, hostnames: string[]): Subject => ({
  stack,
  document: {
    resource: {
      cloudflare_dns_record: { a: { name, proxied: true } },
      cloudflare_origin_ca_certificate: { origin: { hostnames } },
    },
  },
});

export const rule: Rule = {
  id: "origin-certificate-names",
  reason:
    "Under strict TLS an origin needs a certificate of its name; a holder of another environment's can pose as its origin.",
  // A name that nobody publishes is allowed: the list is the same with extras and without.
  remedy: "Certify every name that the stack publishes, and none that another stack publishes.",
  check: (subjects) =>
    each("cloudflare_origin_ca_certificate", ({ hostnames }, { stack }) => {
      const certified = texts(hostnames);
      return subjects.flatMap((subject) => {
        const isOwn = subject.stack === stack;
        return [...proxiedNames(subject)]
          .filter((name) => isOwn !== certified.includes(name))
          .map((name) => ({
            at: "hostnames",
            found: `${name} is ${isOwn ? "missing" : `${subject.stack}'s`}`,
          }));
      });
    })(subjects),
  passing: [origin("prod", "a.example", ["a.example"]), origin("staging", "b.example", ["b.example"])],
  failing: [origin("prod", "a.example", ["a.example", "b.example"]), origin("staging", "b.example", [])],
};
