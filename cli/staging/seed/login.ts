import type { LoginFlow, SuccessfulNativeLogin, UpdateLoginFlowWithPasswordMethod } from "@ory/kratos-client";
import { expectJson, type HttpClient, type HttpResponse } from "../../shared/http-client.ts";

export interface LoginSession {
  readonly token: string;
  readonly identity: string;
}

/** Begins the API flow of a login: its id. The flow's `action` holds an internal host and is of no use. */
export async function beginLogin(kratos: HttpClient): Promise<string> {
  const answer = await kratos("GET", "/self-service/login/api");
  return expectJson<LoginFlow>("a login flow", answer, 200).id;
}

/** Hands in identifier and password: 200 with a session, 400 for a wrong password; an address not verified is 400 on 1.3.1, 403 on v26. */
export function submitLogin(
  kratos: HttpClient,
  flow: string,
  identifier: string,
  password: string,
): Promise<HttpResponse> {
  const body: UpdateLoginFlowWithPasswordMethod = { method: "password", identifier, password };
  return kratos("POST", `/self-service/login?flow=${flow}`, { body });
}

/** Logs in as the platform does. Throws with Kratos' own words when it is refused. */
export async function logIn(kratos: HttpClient, identifier: string, password: string): Promise<LoginSession> {
  const answer = await submitLogin(kratos, await beginLogin(kratos), identifier, password);
  const { session_token: token, session } = expectJson<SuccessfulNativeLogin>(
    `${identifier} logs in`,
    answer,
    200,
  );
  // A browser's flow has no token, and a second factor that is still due hides the identity.
  if (!token || !session.identity) throw new Error(`${identifier} logs in: Kratos returned no session`);
  return { token, identity: session.identity.id };
}
