import { cpSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { stderrProgress } from "../../../lib/progress.ts";
import { ensureStandIn } from "../../../sandbox/images/images.ts";
import { installUnderTest } from "../../../sandbox/images/origins.ts";
import { openStack } from "../../host/bundle/migrated-stack.ts";
import {
  closeStack,
  curl,
  curlJson,
  environmentOf,
  machine,
  ORY_ENDPOINTS,
  prepareDatabases,
  runBundleScript,
  startOry,
} from "../../host/bundle/stack.ts";
import { hosts, linesOf, openSmokeEdge, reloadCaddy, rewrite, visitor } from "./edge.ts";

const USER = { SMOKE_EMAIL_STAGING: "smoke@example.com", SMOKE_PASSWORD_STAGING: "a-Long-and-rare-1" };

/** In containers they all listen on 3000; one network here gives each a port of its own. */
const APPLICATIONS = [
  ["ciam-hera", "hera", "3000"],
  ["iam-hera", "hera", "4000"],
  ["site", "site", "13000"],
  ["ciam-athena", "athena", "13001"],
  ["iam-athena", "athena", "13002"],
  ["pgadmin", "pgadmin", "5050"],
] as const;

beforeAll(async () => {
  await openStack();
  expect(prepareDatabases().code).toBe(0);
  await startOry();
  const binaries = join(machine.root, "usr/local/bin");
  for (const name of ["caddy", "mailpit"] as const)
    await installUnderTest(name, machine.root, stderrProgress);
  machine.daemon(["mailpit", "--disable-version-check"]);
  cpSync(await ensureStandIn(stderrProgress), join(binaries, "stand-in"));
  await openSmokeEdge(machine, USER);
  for (const [service, application, port] of APPLICATIONS) {
    const env = { ...environmentOf(service), PORT: port, PGADMIN_LISTEN_PORT: port };
    machine.daemon(["stand-in", application], { env });
    await machine.until(20, ["bash", "-c", `exec 3<>/dev/tcp/127.0.0.1/${port}`]);
    if (port.startsWith("13")) rewrite("sites.caddy", `${service} 3000`, `${service} ${port}`);
  }
  reloadCaddy();
  init();
});
afterAll(async () => {
  visitor?.stop();
  await closeStack();
});

const JSON_TYPE = ["-H", "Content-Type: application/json", "-H", "Accept: application/json"];
const KRATOS = "http://127.0.0.1:5000";
const KRATOS_ADMIN = "http://127.0.0.1:5001";
const OWNER = USER.SMOKE_EMAIL_STAGING;
const PASSWORD = USER.SMOKE_PASSWORD_STAGING;

function init(): void {
  const done = runBundleScript("olympus-init", [], ORY_ENDPOINTS);
  expect(done, done.err).toMatchObject({ code: 0 });
  makeCustomer(OWNER, true);
}

/** By Kratos' admin API, as an import does. */
function makeCustomer(email: string, verified: boolean): void {
  const status = verified ? "completed" : "pending";
  const body = JSON.stringify({
    schema_id: "default",
    traits: { email },
    credentials: { password: { config: { password: PASSWORD } } },
    verifiable_addresses: [{ value: email, verified, via: "email", status }],
  });
  expect(curlJson(...JSON_TYPE, "-d", body, `${KRATOS_ADMIN}/admin/identities`).id).toBeDefined();
}

it("is green on real Postgres, Kratos, Hydra and Caddy, and logs in for real", async () => {
  const { report, code } = await visitor.smoke();
  expect(linesOf(report, "failed")).toEqual([]);
  expect(code).toBe(0);
  expect(linesOf(report, "passed").join("\n")).toMatch(`login ${hosts.site}: smoke@example.com logged in`);
  // The stand-ins have no versions to hold against the pins.
  expect(new Set(report.checks.filter((c) => c.state === "skipped").map((c) => c.kind))).toEqual(
    new Set(["version"]),
  );
});

describe("the link in the mail that confirms an address", () => {
  const email = "newcomer@example.com";
  let link: URL;

  /** Status, and where it leads, through Caddy. */
  const click = (url: URL | string, ...args: string[]): string[] => {
    const at = ["--cacert", join(machine.root, "tmp/ca.pem"), "--resolve", `${hosts.ciam}:443:127.0.0.1`];
    const to = ["-o", "/dev/null", "-w", "%{http_code} %{redirect_url}"];
    return curl(...at, ...to, ...args, String(url)).out.split(" ");
  };
  const login = () => {
    const { id } = curlJson(`${KRATOS}/self-service/login/api`);
    const body = JSON.stringify({ method: "password", identifier: email, password: PASSWORD });
    return curlJson(...JSON_TYPE, "-d", body, `${KRATOS}/self-service/login?flow=${id}`);
  };
  const mails = () => curlJson("http://127.0.0.1:8025/api/v1/messages").messages as { ID: string }[];

  beforeAll(async () => {
    makeCustomer(email, false);
    // What Hera does for a customer, inside.
    const { id } = curlJson(`${KRATOS}/self-service/verification/api`);
    const body = JSON.stringify({ method: "code", email });
    curlJson(...JSON_TYPE, "-d", body, `${KRATOS}/self-service/verification?flow=${id}`);
    await vi.waitFor(() => expect(mails()).toHaveLength(1), { timeout: 20_000, interval: 200 });
    const { Text } = curlJson(`http://127.0.0.1:8025/api/v1/message/${mails()[0]?.ID}`);
    link = new URL(/https:\S+/.exec(Text)?.[0] ?? "no link");
  });

  it("is on the login host, whatever Kratos itself is called", () => {
    expect(link.origin + link.pathname).toBe(`https://${hosts.ciam}/self-service/verification`);
  });
  it.each<[string, (url: URL) => void, ...string[]]>([
    ["a mail", (url) => url.searchParams.set("code", "")],
    ["no flow", (url) => url.searchParams.set("flow", "../login")],
    ["two codes", (url) => url.searchParams.append("code", "000000")],
    ["a body", () => undefined, ...JSON_TYPE, "-X", "GET", "-d", "{}"],
    ["a POST", () => undefined, "-X", "POST"],
    ["a flow of its own", (url) => Object.assign(url, { pathname: `${url.pathname}/api` })],
    ["a login", (url) => Object.assign(url, { pathname: "/self-service/login" })],
    ["a recovery", (url) => Object.assign(url, { pathname: "/self-service/recovery" })],
  ])("cannot be bent into %s", (_, bend, ...args) => {
    const url = new URL(link);
    bend(url);
    expect(click(url, ...args)[0]).toBe("404");
  });
  it("loses whatever else it carries", () => {
    const url = new URL(link);
    url.searchParams.set("email", email);
    expect(click(url)[0]).toBe("303");
    expect(mails()).toHaveLength(1);
  });
  it("leads to Hera's page with the code filled in, and confirms once the customer says so", () => {
    expect(login().session).toBeUndefined();
    const flow = link.searchParams.get("flow");
    expect(click(link)).toEqual(["303", `https://${hosts.ciam}/verification?flow=${flow}`]);
    expect(login().session).toBeUndefined();
    const { ui } = curlJson(`${KRATOS}/self-service/verification/flows?id=${flow}`);
    const nodes = ui.nodes as { attributes: { name: string; value?: string } }[];
    const code = nodes.find(({ attributes }) => attributes.name === "code")?.attributes.value;
    expect(code).toBe(link.searchParams.get("code"));
    const body = JSON.stringify({ method: "code", code });
    curlJson(...JSON_TYPE, "-d", body, `${KRATOS}/self-service/verification?flow=${flow}`);
    expect(login().session.active).toBe(true);
  });
});
