import { each, resources, texts } from "../resources.ts";
import type { Rule, Subject } from "../rule.ts";

const proxiedNames = (subject: Subject): string[] => [
  ...new Set(
    resources(subject, "cloudflare_dns_record").flatMap(({ body }) =>
      body.proxied === true ? texts(body.name) : [],
    ),
  ),
];

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
    "Under strict TLS Cloudflare refuses an origin whose certificate lacks the name; another environment's name gives its key away.",
  remedy: "Certify every name that the stack publishes, and none that another stack publishes.",
  check: (subjects) => {
    const published = subjects.flatMap((subject) =>
      proxiedNames(subject).map((name) => ({ name, stack: subject.stack })),
    );
    return each("cloudflare_origin_ca_certificate", ({ hostnames }, { stack }) => {
      const certified = texts(hostnames);
      return published
        .filter(({ name, stack: owner }) => (owner === stack) !== certified.includes(name))
        .map(({ name, stack: owner }) => ({
          at: "hostnames",
          found: owner === stack ? `${name} is published and not certified` : `${name} is ${owner}'s`,
        }));
    })(subjects);
  },
  passing: [origin("prod", "a.example", ["a.example"]), origin("staging", "b.example", ["b.example"])],
  failing: [origin("prod", "a.example", ["a.example", "b.example"]), origin("staging", "b.example", [])],
};
