import { totpCode } from "../../../cli/staging/seed/totp.ts";
import { curl, curlJson } from "./stack.ts";

// Employees at the real Kratos of IAM, in the native flows that Hera uses.
const IAM = "http://127.0.0.1:7000";
export const IAM_IDENTITIES = "http://127.0.0.1:7001/admin/identities";
export const EMPLOYEE_PASSWORD = "a horse of the battery";

export const postJson = (url: string, body: unknown, ...args: string[]) =>
  curlJson(
    ...["-X", "POST", ...args, "-H", "Content-Type: application/json", "-d", JSON.stringify(body)],
    url,
  );
const bearing = (token: string): string[] => ["-H", `X-Session-Token: ${token}`];

/** Makes somebody with a password; their id. */
export function makeEmployee(traits: { email: string; role?: string; roles?: string[] }): string {
  const made = postJson(IAM_IDENTITIES, {
    schema_id: "admin",
    traits,
    credentials: { password: { config: { password: EMPLOYEE_PASSWORD } } },
    verifiable_addresses: [{ value: traits.email, verified: true, via: "email", status: "completed" }],
  });
  if (!made.id) throw new Error(JSON.stringify(made));
  return made.id;
}

/** What Kratos answers to a password: a session, and who it is where nothing more is asked for. */
export function passwordLogin(identifier: string): {
  session_token?: string;
  session?: { identity?: object };
} {
  const { id } = curlJson(`${IAM}/self-service/login/api`);
  const body = { method: "password", identifier, password: EMPLOYEE_PASSWORD };
  return postJson(`${IAM}/self-service/login?flow=${id}`, body);
}

/** Status of the session's own look at itself: 200, 403 where a second factor is missing, 401 where there is no session. */
export const whoami = (token = ""): string =>
  curl("-o", "/dev/null", "-w", "%{http_code}", ...bearing(token), `${IAM}/sessions/whoami`).out;

/** Sets up an authenticator app in a session; its key. */
export function enrolTotp(token = ""): string {
  const flow = curlJson(...bearing(token), `${IAM}/self-service/settings/api`);
  const key: string = flow.ui.nodes
    .map((node: { attributes: { id?: string; text?: { context?: { secret?: string } } } }) => node.attributes)
    .find(({ id }: { id?: string }) => id === "totp_secret_key").text.context.secret;
  const body = { method: "totp", totp_code: totpCode(key, new Date()) };
  const done = postJson(`${IAM}/self-service/settings?flow=${flow.id}`, body, ...bearing(token));
  if (done.state !== "success") throw new Error(JSON.stringify(done));
  return key;
}

/** Brings a session of a password to the second factor. */
export function totpLogin(token: string, key: string): string {
  const { id } = curlJson(...bearing(token), `${IAM}/self-service/login/api?aal=aal2`);
  const body = { method: "totp", totp_code: totpCode(key, new Date()) };
  const done = postJson(`${IAM}/self-service/login?flow=${id}`, body, ...bearing(token));
  return done.session?.authenticator_assurance_level ?? JSON.stringify(done);
}
