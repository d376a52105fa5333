/** Keys that are made together, for they must fit: authority, certificate and key of Postgres. */
export const POSTGRES_TLS = ["POSTGRES_TLS_CA", "POSTGRES_TLS_CERTIFICATE", "POSTGRES_TLS_KEY"] as const;

/** Whether the key is one of {@link POSTGRES_TLS}. */
export const isPostgresTls = (key: string): boolean => POSTGRES_TLS.some((name) => name === key);
