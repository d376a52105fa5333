/** Where things lie on a machine. host/bootstrap makes the folders, host/release/bin uses the same paths in shell. */
export const HOME = "/opt/olympus";
export const RELEASES = `${HOME}/releases`;
export const CURRENT = `${HOME}/current`;
/** Programs of the release that serves. */
export const BIN = `${CURRENT}/bin`;
/** A line for each release that became healthy. */
export const HISTORY = `${HOME}/history`;
export const CONFIG = `${HOME}/config`;
export const ENVIRONMENT_FILE = `${CONFIG}/olympus.env`;
export const SECRETS_FILE = `${CONFIG}/secrets.env`;
/** Mount point of the volume: everything worth keeping. */
export const DATA = "/mnt/olympus-data";
/** What the sentinel saw last. */
export const HEALTH = "/run/olympus/health.json";
/** What the machine's own scripts count, for node-exporter. */
export const METRICS = "/run/olympus/metrics";
