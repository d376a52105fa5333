import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { enrolTotp, makeEmployee, passwordLogin, totpLogin, whoami } from "../../host/bundle/employees.ts";
import { psql } from "../../host/bundle/stack.ts";
import { readBundleFile } from "../../host/bundle/values.ts";
import { type Journal, startJournal } from "../../host/monitoring/journal.ts";
import { skipWithout } from "../../sandbox/machines/tools.ts";
import { type IamHost, startIamHost } from "./iam-host.ts";

const ADA = "ada@your-app.com";
const TOOLS = ["sshd", "ssh", "unshare", "nsenter", "iptables", "logger", "journalctl"];

describe.skipIf(skipWithout(TOOLS))("olympus second-factor", () => {
  let iam: IamHost;
  let journal: Journal;
  let id: string;
  let key: string;
  let token: string | undefined;

  beforeAll(async () => {
    journal = await startJournal();
    const [, , pid] = journal.inside;
    iam = await startIamHost(`/proc/${pid}/root/run/systemd/journal`);
    id = makeEmployee({ email: ADA, role: "admin", roles: ["dba"] });
    makeEmployee({ email: "dba@your-app.com", role: "viewer", roles: ["dba"] });
    makeEmployee({ email: "viewer@your-app.com", role: "viewer" });
    token = passwordLogin(ADA).session_token;
    key = enrolTotp(token);
  });
  afterAll(async () => {
    await iam?.stop();
    await journal?.stop();
  });

  const factor = (...words: string[]) => iam.olympus(["second-factor", "staging", ADA], ...words);
  /** Administrators, and those of them without a second factor, as the machine counts them. */
  const counted = (): string[] =>
    psql(readBundleFile("postgres/metrics-administrators.sql"), "iam_kratos", ["-U", "iam_kratos"])
      .out.trim()
      .split("\n")
      .map((line) => line.replace("olympus_administrators", ""));
  const entries = async (): Promise<string> => {
    const [file = "", ...words] = [...journal.inside, "journalctl", "-q", "-o", "cat", "--no-pager"];
    return (await execa(file, [...words, "-t", "olympus-second-factor"])).stdout;
  };

  it("says who has one, and changes nothing", async () => {
    const { stdout, exitCode } = await factor();
    expect(stdout).toBe(`staging: ${ADA} has a second factor (totp), and 1 open sessions`);
    expect([exitCode, await entries()]).toEqual([0, ""]);
    expect(counted()).toEqual([" 2", "_without_second_factor 1"]);
    const other = passwordLogin(ADA).session_token ?? "";
    expect([whoami(other), totpLogin(other, key), whoami(other)]).toEqual(["403", "aal2", "200"]);
  });

  it("removes it, ends the sessions and leaves an entry in the journal; the password is enough again", async () => {
    const { stdout, stderr } = await factor("--remove");
    expect(stdout, stderr).toBe(`staging: ${ADA} logs in with the password alone; 2 sessions are ended`);
    expect(whoami(token)).toBe("401");
    expect(await entries()).toBe(`second factor of ${id} removed (totp), sessions ended: 2`);
    const after = passwordLogin(ADA);
    expect([whoami(after.session_token), after.session?.identity]).toEqual(["200", expect.anything()]);
    expect(counted()).toEqual([" 2", "_without_second_factor 2"]);
  });

  it("can be run again, and names whom Kratos does not know", async () => {
    const { stdout } = await factor("--remove", "--json");
    expect(JSON.parse(stdout)).toEqual({
      ...{ environment: "staging", account: ADA, id, factors: [], openSessions: 0, removed: true },
    });
    const { stderr, exitCode } = await iam.olympus(["second-factor", "staging", "grace@your-app.com"]);
    expect([exitCode, stderr]).toEqual([
      1,
      expect.stringContaining("no employee logs in as grace@your-app.com"),
    ]);
  });
});
