import { expectJson, type HttpClient, type HttpResponse } from "../../shared/http-client.ts";

export interface LoginSession {
  readonly token: string;
  readonly identity: string;
}

/** Begins the API flow of a login: its id. The flow's `action` holds an internal host and is of no use. */
export async function beginLogin(kratos: HttpClient): Promise<string> {
  const answer = await kratos("GET", "/self-service/login/api");
  return expectJson<{ id: string }>("a login flow", answer, 200).id;
}

/** Hands in identifier and password: 200 with a session, 400 for a wrong password or an address not verified. */
export const submitLogin = (
  kratos: HttpClient,
  flow: string,
  identifier: string,
  password: string,
): Promise<HttpResponse> =>
  kratos("POST", `/self-service/login?flow=${flow}`, { body: { method: "password", identifier, password } });

/** Logs in as the platform does. Throws with Kratos' own words when it is refused. */
export async function logIn(kratos: HttpClient, identifier: string, password: string): Promise<LoginSession> {
  const answer = await submitLogin(kratos, await beginLogin(kratos), identifier, password);
  const { session_token, session } = expectJson<{
    session_token: string;
    session: { identity: { id: string } };
  }>(`${identifier} logs in`, answer, 200);
  return { token: session_token, identity: session.identity.id };
}
