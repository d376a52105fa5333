import { createHash, randomBytes } from "node:crypto";
import { CookieJar } from "tough-cookie";
import { expectJson, type HttpClient, type HttpResponse } from "../../shared/http-client.ts";

export interface OAuth2Client {
  readonly client_id: string;
  readonly scope: string;
  readonly redirect_uri: string;
}

/** What the client gets for its own part. */
export interface Grant {
  readonly code: string;
  /** PKCE's. */
  readonly verifier: string;
}

/** As if over https, for Hydra's cookies are for nothing else; only one host is spoken to, whatever it is called. */
const HYDRA = "https://hydra.invalid";

/** A browser that knows Hydra alone. */
class Browser {
  readonly #jar = new CookieJar();
  readonly #ask: HttpClient;
  constructor(ask: HttpClient) {
    this.#ask = ask;
  }

  /** The parameters of where it is sent on to. */
  async follow(path: string): Promise<URLSearchParams> {
    const url = new URL(path, HYDRA).href;
    const cookie = await this.#jar.getCookieString(url);
    const headers = { "X-Forwarded-Proto": "https", ...(cookie && { cookie }) };
    const answer = await this.#ask("GET", path, { headers });
    for (const line of answer.headers["set-cookie"] ?? [])
      await this.#jar.setCookie(line, url, { ignoreError: true });
    const place = answer.headers.location;
    if (!place) throw new Error(`Hydra did not redirect: ${answer.status} ${answer.text.slice(0, 200)}`);
    return new URL(place, HYDRA).searchParams;
  }
}

/**
 * The code flow of a person who logs in and says yes to everything: what Hera does, done through the admin API, so that
 * it works without Hera. The consent is remembered. Throws with Hydra's own words.
 */
export async function authorize(
  hydra: { readonly public: HttpClient; readonly admin: HttpClient },
  client: OAuth2Client,
  subject: string,
): Promise<Grant> {
  const browser = new Browser(hydra.public);
  const verifier = randomBytes(32).toString("base64url");
  const query = new URLSearchParams({
    ...client,
    response_type: "code",
    state: randomBytes(16).toString("hex"),
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
  });
  const login = await browser.follow(`/oauth2/auth?${query}`);
  const consent = await browser.follow(
    await accept(hydra.admin, "login", login, { subject, remember: false }),
  );
  const grant_scope = client.scope.split(" ");
  const body = { grant_scope, remember: true, remember_for: 0 };
  const done = await browser.follow(await accept(hydra.admin, "consent", consent, body));
  const code = done.get("code");
  if (!code)
    throw new Error(`${client.client_id}: ${done.get("error_description") ?? "Hydra returned no code"}`);
  return { code, verifier };
}

/** Accepts what Hydra asks; the path, on Hydra itself, to go on with. */
async function accept(
  admin: HttpClient,
  kind: string,
  place: URLSearchParams,
  body: object,
): Promise<string> {
  const challenge = place.get(`${kind}_challenge`);
  if (!challenge) throw new Error(place.get("error_description") ?? `Hydra did not ask for ${kind}`);
  const path = `/admin/oauth2/auth/requests/${kind}/accept?${new URLSearchParams({ [`${kind}_challenge`]: challenge })}`;
  const { redirect_to } = expectJson<{ redirect_to: string }>(kind, await admin("PUT", path, { body }), 200);
  const { pathname, search } = new URL(redirect_to);
  return pathname + search;
}

/** The clients that somebody has consented to. */
export async function consentsOf(admin: HttpClient, subject: string): Promise<readonly string[]> {
  const path = `/admin/oauth2/auth/sessions/consent?${new URLSearchParams({ subject })}`;
  const answer: HttpResponse = await admin("GET", path);
  const sessions = expectJson<{ consent_request?: { client?: { client_id?: string } } }[]>(
    "consents",
    answer,
    200,
  );
  return sessions.flatMap(({ consent_request }) => consent_request?.client?.client_id ?? []);
}
