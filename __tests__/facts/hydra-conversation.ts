import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { LOGINS_CLIENT } from "../../cli/staging/seed/clients.ts";
import { type Exchange, headersOf } from "./exchanges.ts";
import type { Ask } from "./recorder.ts";

// All that the product asks of Hydra, and how Hydra answers when it goes wrong. What is secret here serves a recording alone.

const PUBLIC = "http://127.0.0.1:5002";
const ADMIN = "http://127.0.0.1:5003";
const SUBJECT = "5721dd3c-d7df-49c2-94d1-60f09dfb6d50";
const VERIFIER = "a-verifier-of-this-recording-alone-0123456789";
const SECRET = "a-secret-of-this-recording-alone";
const STATE = "0123456789abcdef0123456789abcdef";
const NOBODY = "nobody-knows-this";
const SITE = "site-ciam-client";
const SITE_CALLBACK = "https://staging-olympus.your-app.com/callback/ciam";
const { client_id, scope, redirect_uri } = LOGINS_CLIENT;

const placeOf = (one: Exchange): URL => new URL(headersOf(one, "location")[0] ?? "", PUBLIC);
const challengeOf = (one: Exchange, kind: string): string =>
  placeOf(one).searchParams.get(`${kind}_challenge`) ?? "";
const codeOf = (one: Exchange): string => placeOf(one).searchParams.get("code") ?? "";
/** Where a browser goes on, on Hydra itself. */
const next = ({ body }: Exchange): string => {
  const { pathname, search } = new URL((body as { redirect_to: string }).redirect_to);
  return `${PUBLIC}${pathname}${search}`;
};
const requests = (kind: string, verb: string, challenge: string): string =>
  `${ADMIN}/admin/oauth2/auth/requests/${kind}${verb}?${kind}_challenge=${challenge}`;
const basic = (secret: string): string[] => [
  `Authorization: Basic ${Buffer.from(`${SITE}:${secret}`).toString("base64")}`,
];

function authorization(changes: Readonly<Record<string, string>> = {}): string {
  const challenge = createHash("sha256").update(VERIFIER).digest("base64url");
  const pkce = { code_challenge: challenge, code_challenge_method: "S256" };
  const query = { client_id, scope, redirect_uri, response_type: "code", state: STATE, ...pkce };
  return `${PUBLIC}/oauth2/auth?${new URLSearchParams({ ...query, ...changes })}`;
}

/** Has a whole conversation with a Hydra that knows no client yet. */
export function converse(ask: Ask): void {
  ask("ready", "GET", `${PUBLIC}/health/ready`);
  ask("version", "GET", `${ADMIN}/version`);
  ask("discovery", "GET", `${PUBLIC}/.well-known/openid-configuration`);
  ask("keys", "GET", `${PUBLIC}/.well-known/jwks.json`);
  clients(ask);
  refusals(ask);
  tokens(ask, login(ask));
  customer(ask);
}

function clients(ask: Ask): void {
  const logins = {
    ...{ client_id, client_name: "Simulated logins", scope, redirect_uris: [redirect_uri] },
    ...{ grant_types: ["authorization_code", "refresh_token"], response_types: ["code"] },
    ...{ subject_type: "public", token_endpoint_auth_method: "none", skip_consent: false },
  };
  const text = readFileSync("host/release/init/ciam-hydra/site-ciam-client.json", "utf8");
  const filled = text
    .replace(/\$\{\w*SECRET\}/, SECRET)
    .replaceAll(/\$\{SITE_HOST\}/g, "staging-olympus.your-app.com");
  const site = { ...JSON.parse(filled), metadata: { olympus_revision: STATE } };
  const place = `${ADMIN}/admin/clients`;
  ask("client unknown", "GET", `${place}/${client_id}`);
  ask("create public client", "POST", place, { body: logins });
  ask("create again: conflict", "POST", place, { body: logins });
  const wrong = { ...logins, client_id: "wrong", redirect_uris: ["not a url"] };
  ask("create with wrong redirect", "POST", place, { body: wrong });
  ask("client", "GET", `${place}/${client_id}`);
  ask("create confidential client", "POST", place, { body: site });
  ask("confidential client", "GET", `${place}/${SITE}`);
  ask("replace client", "PUT", `${place}/${SITE}`, { body: site });
  ask("replace unknown client", "PUT", `${place}/nobody`, { body: { ...site, client_id: "nobody" } });
}

/** Ways in which an authorization ends without a login. */
function refusals(ask: Ask): void {
  const browser = "refused";
  const begin = (name: string, url: string) => ask(name, "GET", url, { browser });
  begin("authorization of unknown client", authorization({ client_id: "nobody" }));
  begin("authorization to wrong redirect", authorization({ redirect_uri: "https://elsewhere.invalid/" }));
  const refused = begin("authorization to be refused", authorization());
  const body = { error: "access_denied", error_description: "Not this one" };
  const url = requests("login", "/reject", challengeOf(refused, "login"));
  begin("authorization after refusal", next(ask("reject login", "PUT", url, { body })));
}

/** The code of somebody who logs in and lets the client in. */
function login(ask: Ask): string {
  const browser = "simulated";
  const challenge = challengeOf(ask("authorization", "GET", authorization(), { browser }), "login");
  ask("login request", "GET", requests("login", "", challenge));
  ask("login request unknown", "GET", requests("login", "", NOBODY));
  const body = { subject: SUBJECT, remember: false };
  ask("accept login unknown", "PUT", requests("login", "/accept", NOBODY), { body });
  const accepted = ask("accept login", "PUT", requests("login", "/accept", challenge), { body });
  const asked = ask("authorization after login", "GET", next(accepted), { browser });
  const consent = challengeOf(asked, "consent");
  ask("consent request", "GET", requests("consent", "", consent));
  ask("consent request unknown", "GET", requests("consent", "", NOBODY));
  const grant = { grant_scope: scope.split(" "), remember: true, remember_for: 0 };
  const given = ask("accept consent", "PUT", requests("consent", "/accept", consent), { body: grant });
  const done = ask("authorization after consent", "GET", next(given), { browser });
  const consents = `${ADMIN}/admin/oauth2/auth/sessions/consent?subject=`;
  ask("consents", "GET", `${consents}${SUBJECT}`);
  ask("consents of nobody", "GET", `${consents}nobody`);
  return codeOf(done);
}

interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
}

function tokens(ask: Ask, code: string): void {
  type Form = Record<string, string>;
  const token = (name: string, form: Form, headers: readonly string[] = []) =>
    ask(name, "POST", `${PUBLIC}/oauth2/token`, { form, headers }).body as unknown as Tokens;
  const introspect = (name: string, value: string) =>
    ask(name, "POST", `${ADMIN}/admin/oauth2/introspect`, { form: { token: value } });
  const userinfo = (name: string, value: string) =>
    ask(name, "GET", `${PUBLIC}/userinfo`, { headers: [`Authorization: Bearer ${value}`] });
  const revoke = (name: string, form: Form) => ask(name, "POST", `${PUBLIC}/oauth2/revoke`, { form });
  const exchange = {
    grant_type: "authorization_code",
    client_id,
    redirect_uri,
    code,
    code_verifier: VERIFIER,
  };
  const refresh = (value: string) => ({ grant_type: "refresh_token", client_id, refresh_token: value });

  token("token of unknown client", { ...exchange, client_id: "nobody" });
  token("token of unknown code", { ...exchange, code: "ory_ac_nobody.knows" });
  token("token with wrong secret", { grant_type: "authorization_code", code, redirect_uri }, basic("wrong"));
  const first = token("token", exchange);
  introspect("introspect access token", first.access_token);
  introspect("introspect refresh token", first.refresh_token);
  introspect("introspect unknown token", "ory_at_nobody.knows");
  userinfo("userinfo", first.access_token);
  userinfo("userinfo with wrong token", "nobody");
  const second = token("refresh", refresh(first.refresh_token));
  introspect("introspect after refresh", first.access_token);
  revoke("revoke by unknown client", { client_id: "nobody", token: second.access_token });
  revoke("revoke", { client_id, token: second.refresh_token });
  introspect("introspect after revocation", second.access_token);
  token("refresh after revocation", refresh(second.refresh_token));
  token("token of used code", exchange);
}

/** The site's customer, who is remembered: the second time nobody is asked. Then they log out. */
function customer(ask: Ask): void {
  const browser = "customer";
  const scopes = "openid profile email";
  const query = { client_id: SITE, response_type: "code", scope: scopes, redirect_uri: SITE_CALLBACK };
  const start = `${PUBLIC}/oauth2/auth?${new URLSearchParams({ ...query, state: STATE })}`;
  const visit = (name: string, url: string) => ask(`site: ${name}`, "GET", url, { browser });
  const look = (name: string, kind: string, challenge: string) =>
    ask(`site: ${name}`, "GET", requests(kind, "", challenge));
  const accept = (name: string, kind: string, challenge: string, body: Exchange["request"]["body"] = {}) =>
    ask(`site: ${name}`, "PUT", requests(kind, "/accept", challenge), { body });

  const begun = challengeOf(visit("authorization", start), "login");
  const person = { subject: SUBJECT, remember: true, remember_for: 86_400 };
  const context = { email: "ada@example.com" };
  const accepted = accept("accept login", "login", begun, { ...person, context });
  const consent = challengeOf(visit("authorization after login", next(accepted)), "consent");
  look("consent request", "consent", consent);
  const grant = { grant_scope: scopes.split(" "), remember: true, remember_for: 86_400 };
  const given = accept("accept consent", "consent", consent, { ...grant, session: { id_token: context } });
  const code = codeOf(visit("authorization after consent", next(given)));
  const form = { grant_type: "authorization_code", code, redirect_uri: SITE_CALLBACK };
  ask("site: token", "POST", `${PUBLIC}/oauth2/token`, { form, headers: basic(SECRET) });

  const again = challengeOf(visit("second authorization", start), "login");
  look("login request of somebody remembered", "login", again);
  const same = accept("accept login of somebody remembered", "login", again, { subject: SUBJECT });
  const skipped = challengeOf(visit("second authorization after login", next(same)), "consent");
  look("consent request of somebody remembered", "consent", skipped);
  const logout = challengeOf(visit("logout", `${PUBLIC}/oauth2/sessions/logout`), "logout");
  look("logout request", "logout", logout);
  visit("after logout", next(accept("accept logout", "logout", logout)));
}
