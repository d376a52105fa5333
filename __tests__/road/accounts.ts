import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { STACKS } from "./answers.ts";

const READ_ONLY = "read-only";

type Values = Record<string, string>;

/** What the pages have shown: the clouds' tokens by the names of the sandbox, and for each environment a file of what other providers gave. */
export interface Shown {
  readonly tokens: Readonly<Values>;
  readonly providers: Readonly<Record<string, string>>;
}

/** The lines of a person's file of accounts, by their names. */
export function accountsOf({ tokens, providers }: Shown): Values {
  const clouds = Object.entries(tokens).flatMap(([name, value]) => {
    const [, cloud = "", stack = ""] = /^(hcloud|cloudflare)_token_(.*)$/.exec(name) ?? [];
    const own = `${cloud === "hcloud" ? "HCLOUD_TOKEN" : "CLOUDFLARE_API_TOKEN"}_${stack.toUpperCase()}`;
    return [[own, value] as const, [`${own}_READ`, `${READ_ONLY}-${value}`] as const];
  });
  const state = STACKS.flatMap((stack) => {
    const upper = stack.replaceAll("-", "_").toUpperCase();
    return ["STATE_ACCESS_KEY_ID", "STATE_SECRET_ACCESS_KEY"].map(
      (key) => [`${key}_${upper}_READ`, `${READ_ONLY}-${key}`] as const,
    );
  });
  const given = Object.entries(providers).flatMap(([environment, file]) =>
    Object.entries(JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>).map(
      ([key, value]) =>
        [
          `${key}_${environment.toUpperCase()}`,
          typeof value === "string" ? value.trimEnd() : JSON.stringify(value),
        ] as const,
    ),
  );
  return Object.fromEntries([
    ...clouds,
    ...state,
    ...given,
    ["CLOCK_GITHUB_TOKEN_STAGING", "github_pat_of_the_clock"],
  ]);
}

/** The file of accounts in a person's home, and the one of the state's keys that Terraform reads. */
export function keepAccounts(home: string, accounts: Readonly<Values>): void {
  const file = join(home, ".config", "olympus-infra", "accounts.env");
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const lines = Object.entries(accounts).map(([name, value]) => `${name}='${value}'\n`);
  writeFileSync(file, lines.join(""), { mode: 0o600 });
  const profiles = STACKS.map(
    (stack) =>
      `[olympus-${stack}]\naws_access_key_id = key-id-of-${stack}\naws_secret_access_key = key-of-${stack}\n`,
  );
  writeFileSync(join(home, ".aws", "credentials"), profiles.join("\n"), { mode: 0o600 });
}
