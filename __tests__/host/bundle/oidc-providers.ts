/** Two providers in the form of Kratos, as a machine has them among its secrets. */
export const OIDC_PROVIDERS = JSON.stringify([
  {
    id: "google",
    provider: "google",
    client_id: "google-client",
    client_secret: "google-secret",
    mapper_url: "file:///etc/config/kratos/google.jsonnet",
    scope: ["email", "profile"],
  },
  {
    id: "apple",
    provider: "apple",
    client_id: "apple-client",
    apple_team_id: "TEAM",
    apple_private_key_id: "KEY",
    apple_private_key: "-----BEGIN PRIVATE KEY-----\\nnot a key\\n-----END PRIVATE KEY-----",
    mapper_url: "file:///etc/config/kratos/apple.jsonnet",
    scope: ["email", "name"],
  },
]);
