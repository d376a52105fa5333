import { randomBytes } from "node:crypto";
import { isPostgresTls } from "./postgres-tls-keys.ts";
import type { SecretKey } from "./secret-keys.ts";

/** Generators of random text, by the name that the list of keys gives. */
const RANDOM: Readonly<Record<string, () => string>> = {
  hex16: () => randomBytes(16).toString("hex"),
  hex32: () => randomBytes(32).toString("hex"),
  "base64-32": () => randomBytes(32).toString("base64"),
  "base64url-24": () => randomBytes(24).toString("base64url"),
};

/** Whether the program makes the value itself. */
export const isGenerated = ({ key, generator }: SecretKey): boolean =>
  generator in RANDOM || isPostgresTls(key);

/** New values for those of `keys` that are generated. One of Postgres's three brings all three. */
export async function generate(keys: readonly SecretKey[]): Promise<Record<string, string>> {
  const random = keys.flatMap(({ key, generator }) => {
    const make = RANDOM[generator];
    return make ? [[key, make()] as const] : [];
  });
  const tls = keys.some(({ key }) => isPostgresTls(key))
    ? await (await import("./postgres-tls.ts")).postgresTls()
    : {};
  return { ...Object.fromEntries(random), ...tls };
}
