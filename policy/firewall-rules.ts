import { type JsonObject, list, type Objection, object, resources, texts } from "./resources.ts";
import type { Subject, Violation } from "./rule.ts";

/** A rule of an hcloud firewall, as far as it is plain. */
export interface FirewallRule {
  readonly body: JsonObject;
  readonly isInbound: boolean;
  readonly hasPorts: boolean;
  readonly sources: readonly string[];
  readonly destinations: readonly string[];
  readonly opens: (port: number) => boolean;
}

/** First and last port of `22`, `8000-8080` or `any`; undefined for anything else. */
export function portRange(port: string): readonly [first: number, last: number] | undefined {
  if (port === "any") return [1, 65_535];
  const [, first, last] = /^(\d+)(?:-(\d+))?$/.exec(port) ?? [];
  return first === undefined ? undefined : [Number(first), Number(last ?? first)];
}

function parseRule(body: JsonObject): FirewallRule {
  const [first, last] = portRange(String(body.port)) ?? [0, -1];
  const hasPorts = body.protocol === "tcp" || body.protocol === "udp";
  return {
    body,
    isInbound: body.direction === "in",
    hasPorts,
    sources: texts(body.source_ips),
    destinations: texts(body.destination_ips),
    opens: (port) => hasPorts && body.direction === "in" && first <= port && port <= last,
  };
}

/** A check that looks at each firewall rule on its own. */
export const eachFirewallRule =
  (judge: (rule: FirewallRule, subject: Subject) => Objection[]) =>
  (subjects: readonly Subject[]): Violation[] =>
    subjects.flatMap((subject) =>
      resources(subject, "hcloud_firewall").flatMap(({ stack, path, body }) =>
        list(body.rule).flatMap((rule, i) =>
          judge(parseRule(object(rule)), subject).map(({ at, found }) => ({
            stack,
            path: `${path}.rule.${i}.${at}`,
            found,
          })),
        ),
      ),
    );

/** Whether a range is so wide that it stands for the world: two halves of the internet are the internet. */
export const isInternetWide = (range: string): boolean => Number(range.split("/")[1]) < 8;
