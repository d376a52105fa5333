import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { HOURLY_AGENT } from "../../../cli/staging/logins/logins.ts";
import { skipWithout } from "../../sandbox/machines/tools.ts";
import { logOf } from "../bundle/stack.ts";
import {
  closeSeedFixture,
  loginMetrics,
  olympus,
  openSeedFixture,
  query,
  runHourlyLogins,
  startVerb,
} from "./seed-fixture.ts";

const sessionsOf = (agent: string): number =>
  Number(
    query(
      "ciam_kratos",
      `SELECT count(DISTINCT session_id) FROM session_devices WHERE user_agent = '${agent}'`,
    ),
  );
/** Kratos' lines that begin with these words; what 1.3.1 called an audience differs from v26. */
const logged = (msg: string): number =>
  logOf("ciam-kratos")
    .split("\n")
    .filter((line) => line.includes(`"msg":"${msg}`)).length;

describe.skipIf(skipWithout(["nsenter", "mmdebstrap", "go"]))("simulated logins", () => {
  beforeAll(async () => {
    await openSeedFixture();
  });
  afterAll(closeSeedFixture);

  it("wait for people", () => {
    expect(runHourlyLogins("--within", "0")).toMatchObject({
      code: 0,
      out: "there are no synthetic people: ./olympus seed\n",
    });
  });

  it("are counted as what they were", async () => {
    expect(await olympus("seed", ["--users", "30"])).toMatchObject({ exitCode: 0 });
    const refused = "SELECT count(*) FROM selfservice_login_flows WHERE ui::text LIKE '%4000006%'";
    const [before, loggedBefore] = [
      Number(query("ciam_kratos", refused)),
      logged("Identity authenticated successfully"),
    ];
    const done = runHourlyLogins("--fewest", "16", "--most", "16", "--within", "2");
    expect(done, done.err + done.out).toMatchObject({ code: 0, err: "" });
    const [logins = 0, wrong = 0, refreshed = 0, left = 0, failed] =
      done.out.match(/\d+/g)?.map(Number) ?? [];
    expect([logins, failed]).toEqual([16, 0]);
    // By chance: 16 logins without any of one kind happen once in a hundred runs at most, and not all kinds at once.
    expect(wrong + refreshed + left).toBeGreaterThan(0);
    expect(sessionsOf(HOURLY_AGENT)).toBe(16);
    const active = `SELECT count(*) FROM sessions s JOIN session_devices d ON d.session_id = s.id WHERE d.user_agent = '${HOURLY_AGENT}' AND NOT s.active`;
    expect(Number(query("ciam_kratos", active))).toBe(left);
    expect(Number(query("ciam_kratos", refused)) - before).toBe(wrong);
    expect(logged("Identity authenticated successfully") - loggedBefore).toBe(16);
    const tokens =
      "SELECT count(*) FROM hydra_oauth2_refresh WHERE client_id = 'synthetic-logins' AND active";
    expect(Number(query("ciam_hydra", tokens))).toBe(refreshed);
    expect(loginMetrics()).toBe("olympus_simulated_logins 16\nolympus_simulated_logins_failed 0\n");
  });

  it("never lock anybody out: fewer wrong passwords than five in a row", () => {
    const most = `SELECT coalesce(max(n), 0) FROM (
      SELECT jsonb_path_query_first(ui::jsonb, '$.nodes[*].attributes ? (@.name == "identifier").value') AS who, count(*) AS n
      FROM selfservice_login_flows WHERE ui::text LIKE '%4000006%' GROUP BY who) AS people`;
    expect(Number(query("ciam_kratos", most))).toBeLessThan(5);
  });

  it("are reported by the hour, those of a burst left out", async () => {
    const report = await olympus("logins");
    expect(report).toMatchObject({ exitCode: 0, perHour: [5, 10] });
    expect(report.hours.reduce((sum: number, n: number) => sum + n)).toBe(16);
    expect(report.identities).toBeGreaterThan(5);
  });

  it("come at a chosen rate, and are measured", async () => {
    const result = await olympus("logins", ["--rate", "2", "--seconds", "4"]);
    expect(result).toMatchObject({
      exitCode: 0,
      wanted: 8,
      in: 8,
      failed: 0,
      limited: 0,
      unsent: 0,
      errorRate: 0,
    });
    expect(result.p50).toBeGreaterThan(100);
    expect(result.p99).toBeGreaterThanOrEqual(result.p50);
    expect(sessionsOf("olympus-burst-logins")).toBe(8);
    expect((await olympus("logins")).hours[0] + (await olympus("logins")).hours[1]).toBe(16);
  });

  it("of everybody get everybody in who can", async () => {
    expect(await olympus("logins", ["--everybody"])).toMatchObject({
      exitCode: 0,
      people: 30,
      in: 30,
      reasons: [],
    });
  });

  it("say why, when they do not get in", async () => {
    const wrong = startVerb(
      "logins",
      ["--rate", "2", "--seconds", "1"],
      "5000,7000",
      "another-password-than-theirs",
    );
    const { exitCode, stdout } = await wrong;
    const result = JSON.parse(String(stdout));
    expect([exitCode, result.failed, result.errorRate]).toEqual([1, 2, 1]);
    expect(result.reasons[0]).toMatch(/400 The provided credentials are invalid/);
  });
});
