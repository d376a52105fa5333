/**
 * What each secret of a machine opens and who there may hold it: host/release/secrets.keys.yaml says who does. Each opens things of its
 * own environment alone; that no two environments have one value is held by their fingerprints.
 */
export const MACHINE_SECRETS: Readonly<
  Record<string, { readonly opens: string; readonly heldBy: readonly string[] }>
> = {
  POSTGRES_SUPERUSER_PASSWORD: { opens: "every database, as superuser", heldBy: ["postgres"] },
  CIAM_KRATOS_DB_PASSWORD: { opens: "database ciam_kratos", heldBy: ["ciam-kratos"] },
  CIAM_HYDRA_DB_PASSWORD: { opens: "database ciam_hydra", heldBy: ["ciam-hydra"] },
  IAM_KRATOS_DB_PASSWORD: { opens: "database iam_kratos", heldBy: ["iam-kratos"] },
  IAM_HYDRA_DB_PASSWORD: { opens: "database iam_hydra", heldBy: ["iam-hydra"] },
  OLYMPUS_CIAM_DB_PASSWORD: {
    opens: "tables of customers' Hera and Athena",
    heldBy: ["ciam-hera", "ciam-athena"],
  },
  OLYMPUS_IAM_DB_PASSWORD: {
    opens: "tables of employees' Hera and Athena",
    heldBy: ["iam-hera", "iam-athena"],
  },
  METRICS_DB_PASSWORD: { opens: "statistics of Postgres", heldBy: ["postgres-exporter"] },
  PGADMIN_DB_PASSWORD: { opens: "every database, to read", heldBy: ["dba"] },
  CIAM_KRATOS_SECRET_COOKIE: {
    opens: "cookies and encrypted values of ciam-kratos",
    heldBy: ["ciam-kratos"],
  },
  CIAM_KRATOS_SECRET_CIPHER: {
    opens: "cookies and encrypted values of ciam-kratos",
    heldBy: ["ciam-kratos"],
  },
  CIAM_HYDRA_SECRET_SYSTEM: { opens: "keys and subjects of ciam-hydra", heldBy: ["ciam-hydra"] },
  CIAM_HYDRA_PAIRWISE_SALT: { opens: "keys and subjects of ciam-hydra", heldBy: ["ciam-hydra"] },
  IAM_KRATOS_SECRET_COOKIE: { opens: "cookies and encrypted values of iam-kratos", heldBy: ["iam-kratos"] },
  CIAM_KRATOS_SECRET_PAGINATION: { opens: "lists of ciam-kratos, page by page", heldBy: ["ciam-kratos"] },
  IAM_KRATOS_SECRET_PAGINATION: { opens: "lists of iam-kratos, page by page", heldBy: ["iam-kratos"] },
  IAM_KRATOS_SECRET_CIPHER: { opens: "cookies and encrypted values of iam-kratos", heldBy: ["iam-kratos"] },
  IAM_HYDRA_SECRET_SYSTEM: { opens: "keys and subjects of iam-hydra", heldBy: ["iam-hydra"] },
  IAM_HYDRA_PAIRWISE_SALT: { opens: "keys and subjects of iam-hydra", heldBy: ["iam-hydra"] },
  ENCRYPTION_KEY: {
    opens: "settings of Hera and Athena",
    heldBy: ["ciam-hera", "iam-hera", "ciam-athena", "iam-athena"],
  },
  SESSION_SIGNING_KEY: { opens: "Athena's sessions", heldBy: ["ciam-athena", "iam-athena"] },
  SMTP_CONNECTION_URI: { opens: "mail relay", heldBy: ["ciam-kratos", "iam-kratos"] },
  ATHENA_CIAM_OAUTH_CLIENT_SECRET: { opens: "OAuth2 client of customers' Athena", heldBy: ["ciam-athena"] },
  SITE_CIAM_CLIENT_SECRET: {
    opens: "OAuth2 client of the site, for customers",
    heldBy: ["site", "olympus-init"],
  },
  CIAM_CAPTCHA_SECRET_KEY: { opens: "account of Turnstile", heldBy: ["ciam-hera"] },
  ATHENA_IAM_OAUTH_CLIENT_SECRET: { opens: "OAuth2 client of employees' Athena", heldBy: ["iam-athena"] },
  SITE_IAM_CLIENT_SECRET: {
    opens: "OAuth2 client of the site, for employees",
    heldBy: ["site", "olympus-init"],
  },
  IAM_CAPTCHA_SECRET_KEY: { opens: "account of Turnstile", heldBy: ["iam-hera"] },
  PGADMIN_OAUTH_CLIENT_SECRET: { opens: "OAuth2 client of pgAdmin", heldBy: ["pgadmin", "olympus-init"] },
  PGADMIN_DEFAULT_PASSWORD: { opens: "local account of pgAdmin", heldBy: ["pgadmin"] },
  ADMIN_PASSWORD: { opens: "first administrator", heldBy: ["olympus-init"] },
  SYNTHETIC_PASSWORD: { opens: "synthetic people", heldBy: ["olympus seed", "olympus-logins"] },
  CIAM_OIDC_PROVIDERS: { opens: "clients at Google, Apple and others", heldBy: ["ciam-kratos"] },
  DEADMAN_URL: { opens: "watch of the timers", heldBy: ["olympus-done", "alertmanager"] },
  ALERT_WEBHOOK_URL: { opens: "receiver of alerts", heldBy: ["alertmanager"] },
  LOG_SHIPPING_URL: { opens: "store of logs", heldBy: ["olympus-ship-logs"] },
  SYNTHETIC_LOGIN_PASSWORD: {
    opens: "identities that test the login",
    heldBy: ["olympus-init", "olympus-synthetic-login"],
  },
  STRIPE_SECRET_KEY: { opens: "payment account", heldBy: ["applications"] },
  TWILIO_ACCOUNT_SID: { opens: "account that sends SMS", heldBy: ["applications"] },
  TWILIO_AUTH_TOKEN: { opens: "account that sends SMS", heldBy: ["applications"] },
  BACKUP_PASSWORD: { opens: "backups, to decrypt", heldBy: ["backup"] },
  BACKUP_ACCESS_KEY_ID: { opens: "bucket of the backups", heldBy: ["backup"] },
  BACKUP_SECRET_ACCESS_KEY: { opens: "bucket of the backups", heldBy: ["backup"] },
  POSTGRES_TLS_CA: { opens: "nothing: public", heldBy: ["all that speak to postgres"] },
  POSTGRES_TLS_CERTIFICATE: { opens: "nothing: public", heldBy: ["postgres"] },
  POSTGRES_TLS_KEY: { opens: "TLS of Postgres", heldBy: ["postgres"] },
  ORIGIN_TLS_CERTIFICATE: { opens: "nothing: public", heldBy: ["caddy"] },
  ORIGIN_TLS_KEY: { opens: "TLS of the hosts", heldBy: ["caddy"] },
  ORIGIN_PULL_CA_CERTIFICATE: { opens: "nothing: public", heldBy: ["caddy"] },
};
