import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "vitest";
import { connectAdminApis } from "../../../cli/shared/admin-apis.ts";
import type { HttpClient } from "../../../cli/shared/http-client.ts";
import { discovery } from "../../../cli/smoke/checks/discovery.ts";
import { jwks } from "../../../cli/smoke/checks/jwks.ts";
import { login } from "../../../cli/smoke/checks/login.ts";
import type { Target } from "../../../cli/smoke/target.ts";
import { authorize, consentsOf } from "../../../cli/staging/seed/authorization.ts";
import { ensureClients, LOGINS_CLIENT } from "../../../cli/staging/seed/clients.ts";
import { HYDRA } from "../../facts/exchanges.ts";
import { fixtureFleet } from "../../support/fleet/fleet.ts";
import { smokeClientOf } from "./hydra-site.ts";
import { type Reader, testReaders } from "./reader-tests.ts";

// Every reader of Hydra's answers in the commands, against what v26.2.0 answers.

const SUBJECT = "5721dd3c-d7df-49c2-94d1-60f09dfb6d50";
const STATUS = ["status"];
const LEADS_ON = ["headers.location"];

const environment = fixtureFleet().mirrors[0]?.environment;
if (!environment) throw new Error("the fixture has no staging");
const { hosts } = environment;

/** The first of the seed's clients is the recorded one; the others are there already. */
const firstClient =
  (hydra: HttpClient): HttpClient =>
  async (method, path, call) => {
    const { client_id } = (call?.body ?? {}) as { client_id?: string };
    const id = client_id ?? path.split("/").at(-1);
    return id === LOGINS_CLIENT.client_id
      ? hydra(method, path, call)
      : { status: 200, headers: {}, text: "{}" };
  };

const FLOW = [
  "authorization",
  "accept login",
  "authorization after login",
  "accept consent",
  "authorization after consent",
];
/** A browser is sent on with what it needs to come back. */
const sentOn = (parameter: string) => [
  "headers.location",
  "headers.set-cookie",
  `headers.location.${parameter}`,
];

/** What the address of the site and of Hera would answer to a customer, with the answers that Hydra gave to Hera. */
const pages = (url: URL) => {
  const field = (name: string, type: string) => `<input name="${name}" type="${type}">`;
  const form = (name: string) => ({
    ...{ status: 200, headers: [] },
    body: `<form method="post" action="/${name}/sent">${field(`${name}_challenge`, "hidden")}${field("email", "email")}${field("password", "password")}</form>`,
  });
  const to = (place: string) => ({ status: 303, headers: [`location: ${place}`], body: "" });
  const given = (name: string) => (HYDRA.exchange(name).body as { redirect_to: string }).redirect_to;
  const place = `${url.host}${url.pathname}`;
  const start = new URL(HYDRA.exchange("site: authorization").request.url);
  if (place === `${hosts.site}/login/ciam`)
    return to(`https://${hosts.ciamOauth}${start.pathname}${start.search}`);
  if (place === `${hosts.ciam}/login`) return form("login");
  if (place === `${hosts.ciam}/login/sent`) return to(given("site: accept login"));
  if (place === `${hosts.ciam}/consent`) return form("consent");
  if (place === `${hosts.ciam}/consent/sent`) return to(given("site: accept consent"));
  if (place === `${hosts.site}/callback/ciam`) return { status: 200, headers: [], body: "Logged in" };
  return { status: 404, headers: [], body: "" };
};

const smoke = (checks: (target: Target) => { run(): Promise<string> }[]) => (hydra: HttpClient) => {
  const client = smokeClientOf(hydra, hosts.ciamOauth, pages);
  const user = { email: "ada@example.com", password: "x" };
  return checks({ env: environment, client, user } as unknown as Target)[0]?.run() ?? Promise.reject();
};

/** Opens the admin APIs where Hydra's first public port answers so. */
async function connect(hydra: HttpClient): Promise<unknown> {
  const server = createServer(async ({ method = "", url = "" }, response) => {
    const { status, text } = await hydra(method, url);
    response.writeHead(status).end(text);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const first = (server.address() as AddressInfo).port - 2;
  try {
    const apis = await connectAdminApis(environment as never, { local: `${first},${first}` }, "test");
    await apis.close();
    return "connected";
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const READERS: readonly Reader[] = [
  {
    name: "seed: a client that is missing",
    of: ["client unknown", "create public client"],
    run: (hydra) => ensureClients(firstClient(hydra)),
    outcome: 1,
    reads: [[], STATUS],
  },
  {
    name: "seed: a client that somebody makes meanwhile",
    of: ["client unknown", "create again: conflict"],
    run: (hydra) => ensureClients(firstClient(hydra)),
    outcome: 0,
    reads: [[], STATUS],
  },
  {
    name: "seed: a client that is there",
    of: ["client"],
    run: (hydra) => ensureClients(firstClient(hydra)),
    outcome: 0,
    reads: [STATUS],
  },
  {
    name: "seed: a whole authorization",
    of: FLOW,
    run: (hydra) => authorize({ public: hydra, admin: hydra }, LOGINS_CLIENT, SUBJECT),
    outcome: { code: expect.stringMatching(/^ory_ac_/), verifier: expect.any(String) },
    reads: [
      sentOn("login_challenge"),
      ["status", "body.redirect_to"],
      sentOn("consent_challenge"),
      ["status", "body.redirect_to"],
      [...LEADS_ON, "headers.location.code"],
    ],
  },
  {
    name: "seed: an authorization that is refused",
    of: ["authorization of unknown client"],
    run: (hydra) =>
      authorize({ public: hydra, admin: hydra }, { ...LOGINS_CLIENT, client_id: "nobody" }, SUBJECT),
    outcome: expect.objectContaining({ message: expect.stringMatching(/^Client authentication failed/) }),
    reads: [["headers.location", "headers.location.error_description"]],
  },
  {
    name: "seed: who was let in",
    of: ["consents"],
    run: (hydra) => consentsOf(hydra, SUBJECT),
    outcome: [LOGINS_CLIENT.client_id],
    reads: [["status", "body.0.consent_request.client.client_id"]],
  },
  {
    name: "seed: nobody was let in",
    of: ["consents of nobody"],
    run: (hydra) => consentsOf(hydra, "nobody"),
    outcome: [],
    reads: [["status", "body"]],
  },
  {
    name: "admin APIs: whose they are",
    of: ["discovery"],
    run: connect,
    outcome: "connected",
    reads: [["status", "body.issuer"]],
  },
  {
    name: "smoke: discovery",
    of: ["discovery"],
    run: smoke(discovery),
    outcome: `issuer https://${hosts.ciamOauth}`,
    reads: [["status", "body.issuer", "body.authorization_endpoint", "body.token_endpoint", "body.jwks_uri"]],
  },
  {
    name: "smoke: keys",
    of: ["keys"],
    run: smoke(jwks),
    outcome: "2 keys",
    reads: [["status", ...[0, 1].flatMap((i) => [`body.keys.${i}.kty`, `body.keys.${i}.kid`])]],
  },
  {
    name: "smoke: a customer's login",
    of: ["site: authorization", "site: authorization after login", "site: authorization after consent"],
    run: smoke(login),
    outcome: expect.stringMatching(/^ada@example.com logged in/),
    reads: [
      [...STATUS, ...sentOn("login_challenge")],
      [...STATUS, ...LEADS_ON, "headers.set-cookie"],
      [...STATUS, ...LEADS_ON, "headers.location.code"],
    ],
  },
];

testReaders(HYDRA, READERS, { all: 873, used: 41 });
