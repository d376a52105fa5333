import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeEmployee, passwordLogin, whoami } from "../../host/bundle/employees.ts";
import { skipWithout } from "../../sandbox/machines/tools.ts";
import { type IamHost, startIamHost } from "./iam-host.ts";

const ACCOUNT = "ada@your-app.com";

describe.skipIf(skipWithout(["sshd", "ssh", "unshare", "nsenter", "iptables"]))("olympus revoke", () => {
  let iam: IamHost;
  let token: string | undefined;

  beforeAll(async () => {
    iam = await startIamHost();
    makeEmployee({ email: ACCOUNT });
    token = passwordLogin(ACCOUNT).session_token;
    expect(whoami(token)).toBe("200");
  });
  afterAll(() => iam?.stop());

  const revoke = (...words: string[]) =>
    iam.olympus(["revoke", "ada", "--environment", "staging", "--login", "none", "--age", "none"], ...words);

  it("says what it would end, and ends nothing", async () => {
    const { exitCode, stdout } = await revoke("--account", ACCOUNT, "--dry-run");
    expect(exitCode, stdout).toBe(1);
    expect(stdout).toContain("staging: the account is active, with 1 open sessions: it would be ended");
    expect(whoami(token)).toBe("200");
  });

  it("switches the account off and ends its sessions; the password opens nothing", async () => {
    const { stdout } = await revoke("--account", ACCOUNT);
    expect(stdout).toContain("staging: the account is active, with 1 open sessions: both are ended");
    expect(whoami(token)).toBe("401");
    expect(passwordLogin(ACCOUNT).session_token).toBeUndefined();
  });

  it("can be run again, and looks at no other environment than the one that was named", async () => {
    const { exitCode, stdout } = await revoke("--account", ACCOUNT, "--json");
    const { steps, nothingLeft } = JSON.parse(stdout);
    expect([exitCode, nothingLeft]).toEqual([1, false]);
    expect(steps.map(({ is, what }: { is: string; what: string }) => `${is} ${what}`)).toEqual([
      "left prod: not looked at: --environment",
      "done staging: the account is inactive, with 0 open sessions",
    ]);
    expect((await revoke("--account", "grace@your-app.com")).stdout).toContain(
      "staging: there is no account of grace@your-app.com",
    );
  });
});
