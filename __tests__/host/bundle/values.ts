import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

export const FILES = join(process.cwd(), "host", "release");

export interface EnvKey {
  readonly key: string;
  readonly example: string;
  readonly pattern?: string;
  readonly consumers: readonly string[];
}
export interface SecretKeyEntry {
  readonly key: string;
  readonly pattern: string;
  readonly generator: string;
  readonly consumers: readonly string[];
  readonly delivery: string;
}

export const readBundleFile = (path: string): string => readFileSync(join(FILES, path), "utf8");
export const envKeys = parse(readBundleFile("env.keys.yaml")) as EnvKey[];
export const secretKeyEntries = parse(readBundleFile("secrets.keys.yaml")) as SecretKeyEntry[];

/** Values of one environment as the tables' examples give them, with `changes` on top. */
export const plainValues = (changes: Record<string, string> = {}): Record<string, string> => ({
  ...Object.fromEntries(envKeys.map(({ key, example }) => [key, example])),
  ...changes,
});

const MANUAL: Record<string, string> = {
  SMTP_CONNECTION_URI: "smtp://127.0.0.1:1025/?disable_starttls=true",
  CIAM_OIDC_PROVIDERS: "[]",
  DEADMAN_URL: "off",
  ALERT_WEBHOOK_URL: "off",
  LOG_SHIPPING_URL: "off",
  BACKUP_ACCESS_KEY_ID: "backup-key",
  BACKUP_SECRET_ACCESS_KEY: "backup-secret",
  CIAM_CAPTCHA_SECRET_KEY: "off",
  IAM_CAPTCHA_SECRET_KEY: "off",
};
const GENERATORS: Record<string, () => string> = {
  hex32: () => randomBytes(32).toString("hex"),
  hex16: () => randomBytes(16).toString("hex"),
  "base64-32": () => randomBytes(32).toString("base64"),
  "base64url-24": () => randomBytes(24).toString("base64url"),
};

export const createSecretValues = (changes: Record<string, string> = {}): Record<string, string> => {
  const lines = secretKeyEntries.filter((k) => k.delivery === "secrets.env");
  const off = (pattern: string) => (new RegExp(pattern).test("off") ? "off" : "");
  const made = lines.map((k) => [k.key, MANUAL[k.key] ?? GENERATORS[k.generator]?.() ?? off(k.pattern)]);
  return { ...Object.fromEntries(made), ...changes };
};

export const envText = (values: Record<string, string>): string =>
  Object.entries(values)
    .map(([key, value]) => `${key}=${value}\n`)
    .join("");

/** Writes olympus.env and secrets.env into `folder`, as they lie on the host. */
export const writeConfig = (
  folder: string,
  plain: Record<string, string>,
  secret: Record<string, string>,
): void => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "olympus.env"), envText(plain));
  writeFileSync(join(folder, "secrets.env"), envText(secret), { mode: 0o600 });
};
