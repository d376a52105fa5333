import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { skipWithout } from "../../sandbox/machines/tools.ts";
import { openStack } from "../bundle/migrated-stack.ts";
import { closeStack, curlJson, machine, prepareDatabases, psql, startOry } from "../bundle/stack.ts";
import { type Journal, startJournal } from "./journal.ts";
import {
  connectionErrors,
  counted,
  fresh,
  HOSTILE,
  hostile,
  ORY_SERVICES,
  requestAllServices,
  restartService,
  until,
  written,
} from "./log-lines.ts";

// Whether the patterns of log-events.tsv hold what the real programs write when it happens, and nothing that they write
// otherwise: what each wrote goes into a journal, and olympus-metrics counts there.
let journal: Journal;
const stopPostgres = () =>
  machine.run(["pg_ctl", "-D", "/var/lib/postgresql/18/docker", "-m", "immediate", "stop"], {
    user: "70:70",
  });

describe.skipIf(skipWithout(["unshare", "nsenter", "logger", "journalctl", "jq"]))(
  "failures to reach the database",
  () => {
    beforeAll(async () => {
      await openStack();
      expect(prepareDatabases().code).toBe(0);
      await startOry();
      journal = await startJournal();
    });
    afterAll(async () => {
      await closeStack();
      await journal?.stop();
    });

    /** Each of the four tells it once its open connections are used up, and exactly what told it is counted. */
    async function expectCounted(): Promise<void> {
      await until(() => {
        requestAllServices();
        return ORY_SERVICES.every((service) => connectionErrors(written(service)).length > 0);
      }, "a word of each");
      for (const service of ORY_SERVICES) {
        const lines = fresh(service);
        const told = connectionErrors(lines);
        expect(told.length, `${service}\n${lines.join("\n")}`).toBeGreaterThan(0);
        expect(await counted(journal, service, lines), told.join("\n")).toBe(told.length);
      }
    }

    it("are not what somebody sends who wants to be counted", async () => {
      requestAllServices();
      const words = encodeURIComponent(HOSTILE);
      const body = JSON.stringify({ method: "password", identifier: HOSTILE, password: HOSTILE });
      for (const port of [5000, 7000]) {
        const flow = curlJson(`http://127.0.0.1:${port}/self-service/login/api`).id;
        const type = ["-H", "Content-Type: application/json"];
        hostile(`${port}/self-service/login?flow=${flow}`, "-X", "POST", ...type, "-d", body);
        hostile(`${port}/self-service/login?flow=${words}`, "-X", "POST", ...type, "-d", body);
        hostile(`${port}/${words}`);
      }
      for (const port of [5002, 7002]) {
        hostile(`${port}/oauth2/auth?client_id=${words}&response_type=code&scope=${words}&state=${words}`);
        hostile(`${port}/oauth2/auth?error=${words}&error_description=${words}`);
        hostile(
          `${port}/oauth2/token`,
          "-u",
          `${words}:${words}`,
          "-d",
          `grant_type=${words}&refresh_token=${words}`,
        );
      }
      for (const service of ORY_SERVICES) {
        const lines = fresh(service);
        expect(lines.join("\n"), service).toContain("failed to connect to `user=a");
        expect(connectionErrors(lines)).toEqual([]);
        expect(await counted(journal, service, lines)).toBe(0);
      }
    });

    it("are counted while it is down", async () => {
      stopPostgres();
      await expectCounted();
      await restartService("postgres");
      await machine.until(30, ["pg_isready", "-q"]);
    });

    it("are counted when it refuses a password or one connection more, once for each line, and in its own log", async () => {
      requestAllServices();
      for (const service of ORY_SERVICES) fresh(service);
      fresh("postgres");
      psql(
        `ALTER ROLE ciam_kratos PASSWORD 'x'; ALTER ROLE ciam_hydra PASSWORD 'x';
       ALTER ROLE iam_kratos CONNECTION LIMIT 0; ALTER ROLE iam_hydra CONNECTION LIMIT 0;
       SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename ~ '_(kratos|hydra)$'`,
      );
      await expectCounted();
      const lines = fresh("postgres");
      const refused = lines.filter((line) =>
        /FATAL: {2}(password authentication failed|too many connections)/.test(line),
      );
      expect(refused.length).toBeGreaterThan(3);
      expect(lines.join("\n")).toContain("FATAL:  terminating connection due to administrator command");
      expect(await counted(journal, "postgres", lines), lines.join("\n")).toBe(refused.length);
    });

    it("are no other troubles of Postgres", async () => {
      for (const domain of ["ciam", "iam"])
        for (const program of ["kratos", "hydra"])
          psql(`ALTER ROLE ${domain}_${program} CONNECTION LIMIT -1`);
      expect(prepareDatabases().code).toBe(0);
      fresh("postgres");
      psql("CREATE TABLE taken (name text PRIMARY KEY)");
      const name = "2026-01-01 00:00:00.000 UTC [7] a@b FATAL:  too many connections";
      for (let n = 0; n < 2; n++) psql(`INSERT INTO taken VALUES ('${name}')`);
      psql("SET idle_in_transaction_session_timeout = 100; BEGIN; \\! sleep 1\nSELECT 1");
      const lines = fresh("postgres");
      await restartService("postgres");
      await until(() => psql("SELECT 1").code === 0, "Postgres");
      lines.push(...fresh("postgres"));
      for (const innocent of [`(${name}) already exists`, "idle-in-transaction timeout"])
        expect(lines.join("\n")).toContain(innocent);
      expect(await counted(journal, "postgres", lines), lines.join("\n")).toBe(0);
    });

    it("are counted when a service starts and does not find it by its name", async () => {
      machine.run(["sh", "-c", "sed 's/ postgres / /' /etc/hosts >/tmp/hosts && cat /tmp/hosts >/etc/hosts"]);
      for (const service of ORY_SERVICES) await restartService(service);
      await expectCounted();
    });
  },
);
