import { CookieJar } from "tough-cookie";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  ADMIN_HOSTS,
  CIAM_LOGIN_HOST,
  CIAM_OAUTH_HOST,
  closeEdge,
  edgeValues,
  IAM_LOGIN_HOST,
  openEdge,
  openEdgeOn,
  SITE_HOST,
  sendRequests,
} from "../host/bundle/edge.ts";
import { EMPLOYEE_PASSWORD, makeEmployee } from "../host/bundle/employees.ts";
import { openStack } from "../host/bundle/migrated-stack.ts";
import { closeStack, machine, prepareDatabases, startOry } from "../host/bundle/stack.ts";

// A host below the same registrable domain sets cookies for that domain: browsers send them to production too, and the one with
// the longer path comes first, which is the one that Kratos, Hydra and most applications take.
const SIBLING = "https://staging-ciam.your-app.com/";
const HOSTS = [
  ...[SITE_HOST, CIAM_LOGIN_HOST, CIAM_OAUTH_HOST, IAM_LOGIN_HOST, edgeValues.IAM_OAUTH_HOST ?? ""],
  ...ADMIN_HOSTS,
];
const OFFICE = "198.51.100.7";

const cookieLines = (text: string): string[] =>
  [...text.matchAll(/^set-cookie: (.*)$/gim)].map(([, line = ""]) => line.trim());
/** Sends what this browser would, and keeps what the answer sets. */
async function visit(
  jar: CookieJar,
  host: string,
  path: string,
  args: string[] = [],
  headers: string[] = [],
) {
  const url = `https://${host}${path}`;
  const cookie = await jar.getCookieString(url);
  const sent = [...headers, ...(cookie ? [`Cookie: ${cookie}`] : [])];
  const answer = sendRequests({ host, path, args, headers: sent, visitor: OFFICE });
  for (const line of cookieLines(answer.text)) await jar.setCookie(line, url);
  return answer;
}
const planted = (jar: CookieJar, name: string, value: string, path = "/") =>
  jar.setCookie(`${name}=${value}; Domain=your-app.com; Path=${path}; Secure`, SIBLING);

describe("at every host", () => {
  beforeAll(openEdge);
  afterAll(closeEdge);

  const NAMES = [
    "ory_kratos_session",
    "athena-session",
    "site_ciam_session",
    "pga4_session",
    "Host-a",
    "__Secure-a",
  ];

  it.each(HOSTS)("%s hands no cookie on that a sibling has set", async (host) => {
    const jar = new CookieJar();
    for (const name of NAMES) await planted(jar, name, "evil");
    await jar.setCookie("__Host-own=1; Path=/; Secure", `https://${host}/`);
    expect((await visit(jar, host, "/")).text).toContain("cookie=(own=1)");
  });

  it.each([
    ["a prefix behind a space that applications take away", "\u00a0__Host-own=evil"],
    ["a prefix in a value", "a=__Host-own=evil"],
    ["an old list of cookies", '$Version=1,__Host-own=evil; $Path="/"'],
    ["a prefix in other letters", "__host-own=evil; __HOST-own=evil"],
  ])("nor by %s", (_, cookie) => {
    const headers = [`Cookie: ${cookie}; __Host-own=1; __Host-two="2"`];
    const { text } = sendRequests({ host: SITE_HOST, path: "/", headers, visitor: OFFICE });
    expect(text).toContain('cookie=(own=1; two="2")');
  });

  it("what an application sets has the name that no sibling can set, and comes back under its own", async () => {
    const jar = new CookieJar();
    const { text } = await visit(jar, SITE_HOST, "/cookies");
    expect(cookieLines(text)).toEqual([
      "__Host-own=secure; HttpOnly; SameSite=Lax; Path=/; Secure",
      "__Host-old=; Max-Age=0; Path=/; Secure",
    ]);
    expect((await visit(jar, SITE_HOST, "/")).text).toContain("cookie=(own=secure)");
  });

  it.each(HOSTS)("%s is not shut by twelve cookies of 4 kB", async (host) => {
    const jar = new CookieJar();
    for (let n = 0; n < 12; n++) await planted(jar, `large${n}`, "x".repeat(4000));
    for (const version of ["--http1.1", "--http2"])
      expect((await visit(jar, host, "/", [version])).statuses, version).toEqual(["200"]);
  });
});

// Hera asks Kratos who somebody is by the cookies that came with the request.
const HERA = `{
  auto_https off
  admin off
}
http://:4000 {
  handle_path /kratos/* {
    reverse_proxy 127.0.0.1:7000
  }
}
`;

describe("at Kratos, behind a page that hands cookies on as Hera does", () => {
  beforeAll(async () => {
    await openStack(["caddy"]);
    expect(prepareDatabases().code).toBe(0);
    await startOry();
    await openEdgeOn(machine, HERA);
    for (const name of ["ada", "mallory"]) makeEmployee({ email: `${name}@example.com` });
  });
  afterAll(closeStack);

  const asked = async (jar: CookieJar, path: string, body?: object) => {
    const sent = body ? ["-H", "Content-Type: application/json", "-d", JSON.stringify(body)] : [];
    const { text } = await visit(jar, IAM_LOGIN_HOST, `/kratos${path}`, sent, ["Accept: application/json"]);
    return JSON.parse(text.slice(text.indexOf("\r\n\r\n")));
  };
  const loggedIn = async (identifier: string): Promise<CookieJar> => {
    const jar = new CookieJar();
    const { id, ui } = await asked(jar, "/self-service/login/browser");
    const csrf_token = ui.nodes.find(
      ({ attributes }: { attributes: { name: string } }) => attributes.name === "csrf_token",
    ).attributes.value;
    const body = { method: "password", identifier, password: EMPLOYEE_PASSWORD, csrf_token };
    const { session, ...rest } = await asked(jar, `/self-service/login?flow=${id}`, body);
    expect(session?.active, JSON.stringify(rest)).toBe(true);
    return jar;
  };

  it("a sibling's session does not take the place of the visitor's", async () => {
    const own = await loggedIn("mallory@example.com");
    const cookies = await own.getCookies(`https://${IAM_LOGIN_HOST}/`);
    const session = cookies.find(({ key }) => key.endsWith("ory_kratos_session"))?.value ?? "";
    const jar = await loggedIn("ada@example.com");
    for (const path of ["/", "/kratos"]) await planted(jar, "ory_kratos_session", session, path);
    expect((await asked(jar, "/sessions/whoami")).identity.traits.email).toBe("ada@example.com");
  });
});
