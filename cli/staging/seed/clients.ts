import { expectJson, type HttpClient } from "../../shared/http-client.ts";

/** The client of the simulated logins: public, so that it needs no secret, and PKCE in its place. */
export const LOGINS_CLIENT = {
  client_id: "synthetic-logins",
  scope: "openid offline_access email",
  /** Reserved: nobody answers there, and nobody is ever sent there. */
  redirect_uri: "https://logins.invalid/callback",
};

const code = ["authorization_code", "refresh_token"];
const common = { response_types: ["code"], subject_type: "public", skip_consent: false };

/** OAuth2 clients of every kind that applications use. Hydra makes up the secrets, and nobody keeps them. */
const CLIENTS = [
  {
    ...common,
    client_id: LOGINS_CLIENT.client_id,
    client_name: "Simulated logins",
    grant_types: code,
    scope: LOGINS_CLIENT.scope,
    redirect_uris: [LOGINS_CLIENT.redirect_uri],
    token_endpoint_auth_method: "none",
  },
  {
    ...common,
    client_id: "synthetic-web",
    client_name: "Synthetic web shop",
    grant_types: code,
    scope: "openid profile email offline_access",
    redirect_uris: ["https://shop.example/callback"],
    subject_type: "pairwise",
    token_endpoint_auth_method: "client_secret_basic",
  },
  {
    ...common,
    client_id: "synthetic-app",
    client_name: "Synthetic mobile app",
    grant_types: code,
    scope: "openid profile offline_access",
    redirect_uris: ["example.app:/callback"],
    token_endpoint_auth_method: "none",
  },
  {
    ...common,
    client_id: "synthetic-service",
    client_name: "Synthetic service",
    grant_types: ["client_credentials"],
    response_types: [],
    scope: "read",
    redirect_uris: [],
    token_endpoint_auth_method: "client_secret_post",
  },
];

export const CLIENT_IDS = CLIENTS.map(({ client_id }) => client_id);
/** Clients that people have consented to. */
export const CONSENTED = CLIENTS.filter(({ client_id }) =>
  ["synthetic-web", "synthetic-app"].includes(client_id),
);

/** Makes the clients that are missing; how many. One that is there is left as it is. */
export async function ensureClients(hydra: HttpClient): Promise<number> {
  let made = 0;
  for (const client of CLIENTS) {
    const { status } = await hydra("GET", `/admin/clients/${client.client_id}`);
    if (status === 200) continue;
    const answer = await hydra("POST", "/admin/clients", { body: client });
    // 409: made by another run in the meantime.
    expectJson(`client ${client.client_id}`, answer, 201, 409);
    if (answer.status === 201) made++;
  }
  return made;
}
