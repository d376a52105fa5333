import { readFileSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { skipWithout } from "../../sandbox/machines/tools.ts";
import { testAuthority, writeCertificate } from "../../support/certificates.ts";
import { curl, curlJson, machine, psql, stackValues } from "../bundle/stack.ts";
import { metricNames } from "./rules.ts";
import {
  closeWatched,
  collectedMetrics,
  job,
  journal,
  openWatched,
  received,
  startWatchers,
  writeWatcherSecrets,
} from "./watchers.ts";

/** Polls until `look` gives something; throws with what was there last. */
const until = async <T>(seconds: number, look: () => T | undefined, last: () => unknown): Promise<T> => {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const found = look();
    if (found !== undefined) return found;
    if (Date.now() > end)
      throw new Error(`nothing after ${seconds} s: ${JSON.stringify(last()).slice(0, 2000)}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
};
interface SentAlert {
  readonly status: string;
  readonly labels: Record<string, string>;
  readonly annotations: Record<string, string>;
}
const sentAlerts = (): SentAlert[] =>
  received()
    .filter(({ path }) => path === "/webhook")
    .flatMap(({ body }) => JSON.parse(body).alerts as SentAlert[]);
const awaitAlert = (
  name: string,
  label: Record<string, string> = {},
  status = "firing",
): Promise<SentAlert> =>
  until(
    60,
    () =>
      sentAlerts().find(
        (a) =>
          a.labels.alertname === name &&
          a.status === status &&
          Object.entries(label).every(([key, value]) => a.labels[key] === value),
      ),
    () => sentAlerts().map((a) => a.labels.alertname),
  );
const query = (expression: string): { metric: Record<string, string>; value: [number, string] }[] =>
  curlJson("-G", "--data-urlencode", `query=${expression}`, "http://127.0.0.1:9090/api/v1/query").data.result;
const certificate = async (days: number): Promise<void> =>
  writeCertificate(await testAuthority(), join(machine.root, "config/tls"), "origin", ["origin"], days);

describe.skipIf(skipWithout(["openssl", "jq", "curl", "iptables"]))("the alarms", () => {
  beforeAll(async () => {
    await openWatched();
    await certificate(20);
  });
  afterAll(closeWatched);

  it("log in as the seed's synthetic identity, in both domains, also after its password changed", () => {
    expect(job("olympus-synthetic-login").code).toBe(1);
    expect(collectedMetrics("synthetic-login")).toContain('olympus_synthetic_login_success{domain="ciam"} 0');
    expect(job("olympus-init").err).toBe("");
    expect(job("olympus-synthetic-login")).toMatchObject({ code: 0, err: "" });
    writeWatcherSecrets({ SYNTHETIC_LOGIN_PASSWORD: "b".repeat(64) });
    expect(job("olympus-synthetic-login").code).toBe(1);
    expect(job("olympus-init").err).toBe("");
    expect(job("olympus-init").out).toBe("");
    expect(job("olympus-synthetic-login")).toMatchObject({ code: 0, err: "" });
    expect(collectedMetrics("synthetic-login")).toMatch(
      /success\{domain="iam"\} 1\n.*duration_seconds\{domain="iam"\} [\d.]+\n/,
    );
    // It ends its session, and leaves no failed attempt behind: those are counted by Hera, which it does not pass.
    expect(psql("SELECT count(*) FROM sessions WHERE active", "ciam_kratos").out.trim()).toBe("0");
  });

  it("count what no program tells, with no more rights than that needs", () => {
    expect(job("olympus-metrics").err).toBe("");
    expect(collectedMetrics("database")).toContain('olympus_lockouts_last_hour{domain="ciam"} 0');
    expect(collectedMetrics("timers")).toMatch(/last_success_timestamp_seconds\{timer="vacuum"\} \d{10}\n/);
    expect(collectedMetrics("certificates")).toMatch(
      /end_timestamp_seconds\{certificate="origin"\} \d{10}\n/,
    );
    // Counted by the roles that own the tables; the exporter's role sees none of them.
    expect(psql("SELECT 1", "ciam_kratos", ["-U", "metrics"]).err).toContain(
      "permission denied for database",
    );
  });

  it("find each metric that a rule reads", async () => {
    await startWatchers();
    job("olympus-health");
    await until(
      30,
      () => (query("count(up == 1)")[0]?.value[1] === "9" ? true : undefined),
      () =>
        curlJson("http://127.0.0.1:9090/api/v1/targets").data.activeTargets.map(
          (t: { lastError: string }) => t.lastError,
        ),
    );
    curl("-k", "-o", "/dev/null", "--resolve", "x.test:443:127.0.0.1", "https://x.test/");
    // Written by the backup, the drill and the start, which do not run here; and of a container, where here are processes.
    const elsewhere = /^olympus_(backup|drill|start|container|healthy)/;
    await until(
      60,
      () =>
        metricNames().every((name) => elsewhere.test(name) || query(name).length > 0) ? true : undefined,
      () => metricNames().filter((name) => query(name).length === 0),
    );
  });

  it("ring for lockouts", async () => {
    psql(
      `CREATE TABLE ciam_lockouts (id bigserial, identifier text, locked_at timestamptz DEFAULT now());
       CREATE TABLE ciam_login_attempts (id bigserial, identifier text, attempt_time timestamptz DEFAULT now());
       INSERT INTO ciam_lockouts (identifier) SELECT 'a' || n FROM generate_series(1, 101) n;
       INSERT INTO ciam_lockouts (identifier, locked_at) SELECT 'old', now() - interval '61 minutes' FROM generate_series(1, 50);`,
      "olympus",
      ["-U", "olympus_ciam"],
    );
    expect(job("olympus-metrics").err).toBe("");
    const alarm = await awaitAlert("Lockouts", { domain: "ciam", severity: "page" });
    expect(alarm.annotations.summary).toBe("101 accounts of ciam were locked within an hour");
  });

  it("ring for a certificate close to its end, and stop when it is renewed", async () => {
    expect((await awaitAlert("CertificateEnds", { certificate: "origin" })).annotations.summary).toContain(
      "expires in 20 days",
    );
    await certificate(60);
    expect(job("olympus-metrics").err).toBe("");
    await awaitAlert("CertificateEnds", { certificate: "origin" }, "resolved");
  });

  it("ring for a timer that stopped, and tell the switch outside of one that runs", async () => {
    const stamp = join(machine.root, "data/timers/vacuum");
    const longAgo = Date.now() / 1000 - 30 * 3600;
    utimesSync(stamp, longAgo, longAgo);
    expect(job("olympus-metrics").err).toBe("");
    expect((await awaitAlert("TimerDidNotRun", { timer: "vacuum" })).annotations.summary).toContain("1d 6h");
    expect(received().some(({ path }) => path === "/switch/vacuum")).toBe(false);
    expect(job("olympus-done", "vacuum").err).toBe("");
    expect(job("olympus-metrics").err).toBe("");
    await awaitAlert("TimerDidNotRun", { timer: "vacuum" }, "resolved");
    expect(received().filter(({ path }) => path === "/switch/vacuum")).toHaveLength(1);
  });

  it("ring for a database that refuses its clients, by its own log", async () => {
    for (let n = 0; n < 30; n++)
      await journal.write("olympus-postgres", `2026-01-01 [${n}] x@y FATAL:  password authentication failed`);
    expect(job("olympus-metrics").err).toBe("");
    expect(collectedMetrics("logs")).toContain('{event="database_connection_failure"} 30');
    await awaitAlert("DatabaseConnectionFailures");
  });

  it("tell the switch outside that they work, and people by mail", async () => {
    await until(60, () => received().find(({ path }) => path === "/switch/watchdog"), received);
    const mails = curlJson("http://127.0.0.1:8025/api/v1/messages").messages as {
      Subject: string;
      To: { Address: string }[];
    }[];
    const lockouts = mails.find((mail) => mail.Subject.includes("Lockouts"));
    expect(lockouts?.To[0]?.Address).toBe(stackValues.ALERT_EMAIL);
  });

  it("need no more memory than they are given", () => {
    for (const [program, limit] of [
      ["prometheus", 144],
      ["alertmanager", 48],
      ["node_exporter", 32],
      ["postgres_exporter", 32],
    ] as const) {
      const pid = machine.outside(["pgrep", "-n", "-x", program.slice(0, 15)]).out.trim();
      const status = readFileSync(`/proc/${pid}/status`, "utf8");
      const megabytes = (key: string) => Number(status.match(new RegExp(`${key}:\\s+(\\d+)`))?.[1]) / 1024;
      process.stderr.write(
        `${program}: ${megabytes("RssAnon").toFixed(1)} MB anonymous, ${megabytes("VmHWM").toFixed(1)} MB at most\n`,
      );
      expect(megabytes("RssAnon"), program).toBeLessThan(limit);
    }
  });
});
