import { stackOf } from "../examples.ts";
import { repeated, resources, text } from "../resources.ts";
import type { Rule, Subject } from "../rule.ts";

/** A record for `x.example.com`, and these hosts of the machine. */
const withHosts = (env: Record<string, string>, more: Partial<Subject> = {}): Subject =>
  stackOf(
    { resource: { cloudflare_dns_record: { x: { type: "A", name: "x.example.com" } } } },
    { env, ...more },
  );

/** Mailpit's host is there in every environment, and answers where Mailpit runs. */
const isPublished = (key: string, env: Readonly<Record<string, string>>): boolean =>
  key !== "MAIL_HOST" || env.MAIL_SANDBOX === "1";

export const rule: Rule = {
  id: "env-host-published",
  reason:
    "A host that no record leads to is never asked, and of two services with one host Caddy serves one.",
  remedy: "Give each service a host of its own, with a record in its stack.",
  check: (subjects) =>
    subjects.flatMap((subject) => {
      const { stack, env = {} } = subject;
      const named = new Set(resources(subject, "cloudflare_dns_record").map(({ body }) => text(body.name)));
      const hosts = Object.entries(env).filter(([key]) => /^[A-Z_]+_HOST$/.test(key));
      const found =
        (objection: string) =>
        ([key, host]: [string, string]) => ({
          stack,
          path: `env.${key}`,
          found: `${host} ${objection}`,
        });
      return [
        ...hosts
          .filter(([key, host]) => isPublished(key, env) && !named.has(host))
          .map(found("has no record in the stack; allowed are the names of its records")),
        ...repeated(hosts, ([, host]) => host).map(
          found("is another service's host; allowed is one of its own"),
        ),
      ];
    }),
  passing: [withHosts({ SITE_HOST: "x.example.com", MAIL_HOST: "mail.example.com", MAIL_SANDBOX: "0" })],
  failing: [
    withHosts({ SITE_HOST: "y.example.com" }),
    withHosts({ MAIL_HOST: "mail.example.com", MAIL_SANDBOX: "1" }, { stack: "staging" }),
    withHosts({ SITE_HOST: "x.example.com", IAM_LOGIN_HOST: "x.example.com" }),
  ],
};
