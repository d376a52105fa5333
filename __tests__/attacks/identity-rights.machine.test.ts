import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openStack } from "../host/bundle/migrated-stack.ts";
import {
  closeStack,
  curl,
  curlJson,
  ORY_ENDPOINTS,
  prepareDatabases,
  runBundleScript,
  stackSecrets,
  stackValues,
  startOry,
  writeValues,
} from "../host/bundle/stack.ts";

const PASSWORD = "a horse of the battery";
const CIAM = { open: "http://127.0.0.1:5000", admin: "http://127.0.0.1:5001/admin/identities" };
const IAM = { open: "http://127.0.0.1:7000", admin: "http://127.0.0.1:7001/admin/identities" };
const JSON_BODY = ["-H", "Content-Type: application/json", "-d"];
const post = (url: string, body: unknown, ...headers: string[]) =>
  curlJson("-X", "POST", ...headers, ...JSON_BODY, JSON.stringify(body), url);

function person(domain: typeof CIAM, schema_id: string, traits: { email: string } & Record<string, unknown>) {
  const made = post(domain.admin, {
    schema_id,
    traits,
    credentials: { password: { config: { password: PASSWORD } } },
    verifiable_addresses: [{ value: traits.email, verified: true, via: "email", status: "completed" }],
  });
  expect(made.id, JSON.stringify(made)).toBeTruthy();
}

const logIn = (domain: typeof CIAM, identifier: string, password = PASSWORD): string => {
  const { id } = curlJson(`${domain.open}/self-service/login/api`);
  return post(`${domain.open}/self-service/login?flow=${id}`, { method: "password", identifier, password })
    .session_token;
};

/** Writes traits in the person's own settings; what Kratos says they are afterwards. */
function rewrite(domain: typeof CIAM, identifier: string, traits: unknown): unknown {
  const session = ["-H", `X-Session-Token: ${logIn(domain, identifier)}`];
  const { id } = curlJson(...session, `${domain.open}/self-service/settings/api`);
  post(`${domain.open}/self-service/settings?flow=${id}`, { method: "profile", traits }, ...session);
  return curlJson(...session, `${domain.open}/sessions/whoami`).identity.traits;
}

beforeAll(async () => {
  await openStack();
  expect(prepareDatabases().code).toBe(0);
  await startOry();
});
afterAll(closeStack);

describe("whoever has an account gives himself rights in Kratos' own settings", () => {
  const viewer = { email: "viewer@example.com", role: "viewer" };
  const customer = {
    ...{ email: "c@example.com", customer_id: "CUST-1", first_name: "C", last_name: "D" },
    ...{ loyalty_tier: "bronze", account_status: "suspended" },
  };
  const employee = {
    ...{ email: "e@example.com", employee_id: "E-1", first_name: "E", last_name: "F" },
    ...{ department: "HR", role: "junior", status: "inactive" },
  };
  it.each([
    ["an employee of IAM: admin and dba", IAM, "admin", viewer, { role: "admin", roles: ["dba"] }],
    [
      "a customer: active, diamond, another's number",
      CIAM,
      "customer",
      customer,
      { loyalty_tier: "diamond", account_status: "active", customer_id: "CUST-3" },
    ],
    [
      "a member: admin of another department",
      CIAM,
      "organizational",
      employee,
      { role: "admin", status: "active", department: "Finance" },
    ],
  ])("%s", (_, domain, schema, traits, wanted) => {
    person(domain, schema, traits);
    const identifier = "employee_id" in traits ? traits.employee_id : traits.email;
    expect(rewrite(domain, identifier, { ...traits, ...wanted })).toEqual(traits);
  });

  it("and still changes the password, and registers", () => {
    const session = ["-H", `X-Session-Token: ${logIn(IAM, "viewer@example.com")}`];
    const { id } = curlJson(...session, `${IAM.open}/self-service/settings/api`);
    const changed = post(
      `${IAM.open}/self-service/settings?flow=${id}`,
      { method: "password", password: `${PASSWORD}, another` },
      ...session,
    );
    expect(changed.state, JSON.stringify(changed)).toBe("success");
    expect(logIn(IAM, "viewer@example.com", `${PASSWORD}, another`)).toBeTruthy();
    const flow = curlJson(`${CIAM.open}/self-service/registration/api`);
    const traits = { email: "new@example.com", first_name: "N" };
    const made = post(`${CIAM.open}/self-service/registration?flow=${flow.id}`, {
      ...{ method: "password", password: PASSWORD, traits },
    });
    expect(made.identity?.traits, JSON.stringify(made)).toEqual(traits);
  });
});

describe("the first administrator, whose mailbox somebody else reads by now", () => {
  const init = () => expect(runBundleScript("olympus-init", [], ORY_ENDPOINTS)).toMatchObject({ code: 0 });
  const administrators = (): string[] =>
    (curlJson(IAM.admin) as { traits: { email: string; role?: string } }[])
      .filter(({ traits }) => traits.role === "admin")
      .map(({ traits }) => traits.email);
  const first = stackValues.FIRST_ADMINISTRATOR ?? "";

  it("is made by the first start", () => {
    init();
    expect(administrators()).toEqual([first]);
    expect(logIn(IAM, first, stackSecrets.ADMIN_PASSWORD)).toBeTruthy();
  });
  it("does not come back after it was removed", () => {
    const found = curlJson("-G", "--data-urlencode", `credentials_identifier=${first}`, IAM.admin);
    curl("-X", "DELETE", `${IAM.admin}/${found[0].id}`);
    init();
    expect(administrators()).toEqual([]);
  });
  it("does not appear at another address that the configuration names later", () => {
    writeValues({ FIRST_ADMINISTRATOR: "team@pager.example" });
    init();
    writeValues();
    expect(administrators()).toEqual([]);
  });
});
