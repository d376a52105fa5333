import { type JsonObject, list, object, resources, text } from "./resources.ts";
import type { Subject, ZoneEnvironment } from "./rule.ts";

/** One rule of an entrypoint, with its path in the stack. */
export interface EntrypointRule {
  readonly path: string;
  readonly body: JsonObject;
  readonly expression: string;
}

/** The rules of one phase that are in force. */
export const rulesInForce = (subject: Subject, phase: string): EntrypointRule[] =>
  resources(subject, "cloudflare_ruleset")
    .filter(({ body }) => body.phase === phase)
    .flatMap(({ path, body }) =>
      list(body.rules).map((rule, i) => ({
        path: `${path}.rules[${i}]`,
        body: object(rule),
        expression: text(object(rule).expression) ?? "",
      })),
    )
    .filter(({ body }) => body.enabled === true);

/** Hosts that are for the office alone: an environment without real people closes all, any other its administrators'. */
export const closedHosts = ({ hosts, isPublic }: ZoneEnvironment): string[] =>
  Object.entries(hosts)
    .filter(([service]) => !isPublic || ADMINISTRATORS.includes(service))
    .map(([, host]) => host);

/** Hosts that the whole world must reach. */
export const publicHostsOf = ({ hosts, isPublic }: ZoneEnvironment): string[] =>
  Object.entries(hosts)
    .filter(([service]) => isPublic && !ADMINISTRATORS.includes(service) && service !== "mail")
    .map(([, host]) => host);

const ADMINISTRATORS = ["ciamAdmin", "iamAdmin", "pgadmin"];

/** Items of `{"a" "b"}` without their quotes. */
export const itemsOf = (items: string): string[] =>
  items
    .split(/\s+/)
    .filter(Boolean)
    .map((item) => item.replace(/^"(.*)"$/, "$1"));

/** An example of two environments in a zone: one public, one for the office. */
export const EXAMPLE_VISITORS: readonly ZoneEnvironment[] = [
  {
    hosts: { ciam: "ciam.a.com", pgadmin: "pgadmin.a.com" },
    isPublic: true,
    office: ["192.0.2.0/24"],
    logins: { events: 10, window: "1m" },
  },
  {
    hosts: { ciam: "staging-ciam.a.com" },
    isPublic: false,
    office: ["192.0.2.0/24"],
    logins: { events: 100, window: "1m" },
  },
];
