import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

const RULES = join("host", "release", "monitoring", "rules");
const TESTS = join("__tests__", "host", "monitoring", "rules");

interface Rule {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels?: Record<string, string>;
  readonly annotations?: Record<string, string>;
}
interface TestFile {
  readonly tests: readonly {
    readonly name: string;
    readonly alert_rule_test: readonly { alertname: string; exp_alerts: readonly unknown[] }[];
  }[];
}

const texts = (folder: string): string[] =>
  readdirSync(folder).map((file) => readFileSync(join(folder, file), "utf8"));
const rules = (): Rule[] =>
  texts(RULES).flatMap((text) => (parse(text).groups as { rules: Rule[] }[]).flatMap((group) => group.rules));

export const ruleFiles = (): string[] => readdirSync(RULES).map((file) => join(RULES, file));
export const testFiles = (): string[] => readdirSync(TESTS).map((file) => join(TESTS, file));

/** Every alert of the bundle. */
export const alerts = (): (Rule & { alert: string })[] =>
  rules().flatMap((rule) => (rule.alert ? [{ ...rule, alert: rule.alert }] : []));

/** Alerts with a test of promtool's where they ring, and those with one where they are silent. */
export function testedAlerts(): { ring: Set<string>; silent: Set<string> } {
  const cases = texts(TESTS).flatMap((text) =>
    (parse(text) as TestFile).tests.flatMap((test) => test.alert_rule_test),
  );
  const where = (ring: boolean) =>
    new Set(cases.filter((c) => c.exp_alerts.length > 0 === ring).map((c) => c.alertname));
  return { ring: where(true), silent: where(false) };
}

/** Names of the metrics that the rules read and that no rule makes. */
export function metricNames(): string[] {
  const found = rules().flatMap(({ expr }) => expr.match(/\b(?:olympus|caddy|node|pg)_\w+|\bup\b/g) ?? []);
  return [...new Set(found)].sort();
}
