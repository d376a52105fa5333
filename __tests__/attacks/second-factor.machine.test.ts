import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  enrolTotp,
  makeEmployee,
  passwordLogin,
  postJson,
  totpLogin,
  whoami,
} from "../host/bundle/employees.ts";
import { openStack } from "../host/bundle/migrated-stack.ts";
import { closeStack, curl, prepareDatabases, startOry } from "../host/bundle/stack.ts";

const ADA = "ada@example.com";
const IAM = "http://127.0.0.1:7000";
/** The id of the refusal, or what came in its place. */
const refusal = (...args: string[]): string => {
  const { out } = curl("-H", "Accept: application/json", ...args);
  return JSON.parse(out).error?.id ?? out;
};

/** Somebody else has the password, or the mailbox, of an administrator who has an authenticator app. */
describe("an administrator's second factor", () => {
  let id: string;
  let key: string;

  beforeAll(async () => {
    await openStack();
    expect(prepareDatabases().code).toBe(0);
    await startOry();
    id = makeEmployee({ email: ADA, role: "admin", roles: ["dba"] });
    key = enrolTotp(passwordLogin(ADA).session_token);
  });
  afterAll(closeStack);

  it("is asked for behind the password, which says not even who it is, and opens no settings", () => {
    const { session_token = "", session } = passwordLogin(ADA);
    expect(session_token).not.toBe("");
    // What Hera makes its login from, and rights.
    expect(session).toMatchObject({ identity: null });
    expect(whoami(session_token)).toBe("403");
    const token = ["-H", `X-Session-Token: ${session_token}`];
    expect(refusal(...token, `${IAM}/self-service/settings/api`)).toBe("session_aal2_required");
    expect([totpLogin(session_token, key), whoami(session_token)]).toEqual(["aal2", "200"]);
  });

  it("is asked for behind a recovery by mail", () => {
    const { recovery_code: code, recovery_link } = postJson("http://127.0.0.1:7001/admin/recovery/code", {
      identity_id: id,
    });
    const flow = new URL(recovery_link).searchParams.get("flow");
    const body = JSON.stringify({ method: "code", code });
    const { out } = curl(
      ...["-i", "-X", "POST", "-H", "Accept: application/json", "-H", "Content-Type: application/json"],
      ...["-d", body, `${IAM}/self-service/recovery?flow=${flow}`],
    );
    const session = /^set-cookie: (ory_kratos_session=[^;]+)/im.exec(out)?.[1] ?? "";
    expect(session, out).not.toBe("");
    const cookie = ["-H", `Cookie: ${session}`];
    for (const path of ["/sessions/whoami", "/self-service/settings/browser"])
      expect(refusal(...cookie, `${IAM}${path}`), path).toBe("session_aal2_required");
  });
});
