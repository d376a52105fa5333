import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { extraUnits } from "../../../host/extra-units.ts";
import { fixtureFleet } from "../../support/fleet/fleet.ts";
import { alerts, testedAlerts } from "./rules.ts";

const read = (path: string): string => readFileSync(join("host", "release", path), "utf8");
const runbook = readFileSync(join("docs", "runbooks", "alerts.md"), "utf8");
const names = alerts().map(({ alert }) => alert);

describe("every alert", () => {
  const { ring, silent } = testedAlerts();

  it("has a name of its own", () => {
    expect(names.length).toBeGreaterThan(20);
    expect(new Set(names).size).toBe(names.length);
  });
  it("has a test that makes it ring", () => {
    expect(names.filter((name) => !ring.has(name))).toEqual([]);
  });
  it("has a test that keeps it silent, but for the one that always rings", () => {
    expect(names.filter((name) => !silent.has(name))).toEqual(["Watchdog"]);
  });
  it("is no test's without being a rule", () => {
    expect([...ring, ...silent].filter((name) => !names.includes(name))).toEqual([]);
  });
  it.each(alerts())("$alert says what, how urgent, and where the runbook has it", (rule) => {
    expect(rule.labels?.severity).toMatch(rule.alert === "Watchdog" ? /^none$/ : /^(page|ticket)$/);
    expect(rule.annotations?.summary?.length).toBeGreaterThan(10);
    expect(rule.annotations?.runbook).toBe(`docs/runbooks/alerts.md#${rule.alert.toLowerCase()}`);
    const section = runbook.split(/^## /m).find((text) => text.startsWith(`${rule.alert}\n`)) ?? "";
    for (const part of ["Means", "Look", "Do"]) expect(section, part).toContain(`**${part}**`);
  });
  it("is all that the runbook explains", () => {
    const explained = [...runbook.matchAll(/^## (\w+)$/gm)].map((m) => m[1]);
    expect(explained.sort()).toEqual([...names].sort());
  });
});

describe("every timer", () => {
  const shared = readdirSync("host/release/systemd").filter((file) => !file.endsWith(".d"));
  const units: Record<string, string> = {
    ...Object.fromEntries(shared.map((file) => [file, read(`systemd/${file}`)])),
    ...extraUnits(fixtureFleet().mirrors[0]?.environment.extras),
  };
  const timers = Object.keys(units).filter((file) => file.endsWith(".timer"));

  it("is looked at, also those of the extras", () => {
    expect(timers).toEqual(expect.arrayContaining(["olympus-health.timer", "olympus-logins.timer"]));
  });

  it.each(timers)("%s says how old its last success may get, and its unit notes each success", (file) => {
    // Longer than the time between two runs: a day's timer may be late by two hours.
    expect(Number(units[file]?.match(/^\[X-Olympus\][^[]*^MaxAge=(\d+)$/m)?.[1])).toBeGreaterThan(60);
    const name = file.replace(/^olympus-(job@)?/, "").replace(/\.timer$/, "");
    const unit = file.includes("@") ? file.replace(/@.*/, "@.service") : file.replace(".timer", ".service");
    const argument = file.includes("@") ? "%i" : name;
    expect(units[unit]).toContain(`ExecStartPost=-/opt/olympus/current/bin/olympus-done ${argument}\n`);
  });
});

describe("what watches", () => {
  const { services } = parse(read("compose.monitoring.yaml"), { merge: true });

  it("is asked on the loopback alone, and by no application", () => {
    expect(services.prometheus).toMatchObject({ network_mode: "host" });
    expect(services.prometheus.command).toContain("--web.listen-address=127.0.0.1:9090");
    expect(services.prometheus.ports).toBeUndefined();
    expect(services.alertmanager.ports).toEqual(["127.0.0.1:9093:9093"]);
    expect(services.alertmanager.networks).toEqual(["alerting"]);
  });
  it("asks nothing but ports of the loopback that are published there", () => {
    const { scrape_configs } = parse(read("monitoring/prometheus.yml"));
    const targets = scrape_configs.flatMap((job: { static_configs: { targets: string[] }[] }) =>
      job.static_configs.flatMap((config) => config.targets),
    );
    expect(targets).toHaveLength(9);
    for (const target of targets) {
      expect(target).toMatch(/^127\.0\.0\.1:\d+$/);
      const files = ["data", "ciam", "iam", "edge", "monitoring"].map((part) => read(`compose.${part}.yaml`));
      expect(files.join("")).toContain(target);
    }
  });
});
