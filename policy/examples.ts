import type { JsonObject } from "./resources.ts";
import type { Subject } from "./rule.ts";

type More = Partial<Omit<Subject, "document">>;

/** A stack of nothing but this document: the smallest subject of an example. */
export const stackOf = (document: JsonObject, more: More = {}): Subject => ({
  stack: "prod",
  document,
  ...more,
});

/** What Terraform computes. */
export const interpolation = (to: string): string => `\${${to}}`;

/** A stack of one resource. */
export const withResource = (type: string, body: JsonObject, more: More = {}): Subject =>
  stackOf({ resource: { [type]: { example: body } } }, more);

/** A stack of several resources of a type, by their ids. */
export const withResources = (type: string, byId: JsonObject, more: More = {}): Subject =>
  stackOf({ resource: { [type]: byId } }, more);

/** A stack of one inbound firewall rule. */
export const withFirewallRule = (rule: JsonObject, more: More = {}): Subject =>
  withResource("hcloud_firewall", { rule: [{ direction: "in", protocol: "tcp", ...rule }] }, more);

/** A stack of one ruleset with one rule. */
export const withRulesetRule = (phase: string, rule: JsonObject, more: More = {}): Subject =>
  withResource("cloudflare_ruleset", { phase, rules: [rule] }, more);
