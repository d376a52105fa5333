import type { Environment } from "../../../config/load/environment.ts";
import { type SecretKey, secretKeys } from "../../../secrets/secret-keys.ts";
import type { SecretFinding } from "../../secrets/finding.ts";
import { type Account, accounts } from "./accounts.ts";

/** `unknown`: the secrets cannot be read here. */
export type AccountState = "ready" | "to do" | "off" | "unknown";

export interface Item extends Account {
  readonly state: AccountState;
  /** What is missing or wrong, and what to do; a value never. */
  readonly findings: readonly SecretFinding[];
}

/** What is known of an environment's secrets. */
export interface KnownSecrets {
  /** Undefined when they cannot be read. */
  readonly values: Readonly<Record<string, unknown>> | undefined;
  readonly findings: readonly SecretFinding[];
}

/** Every account that an environment needs, and how far it is. */
export function checklist(
  env: Environment,
  { values, findings }: KnownSecrets,
  keys: readonly SecretKey[] = secretKeys(),
): Item[] {
  const all = [...accounts(env), ...others(env, keys)];
  return all.map((account) => {
    const own = findings.filter(({ key }) => account.keys.includes(key.split(" ")[0] ?? key));
    return { ...account, state: stateOf(account, own, values), findings: own };
  });
}

function stateOf(
  { keys, use }: Account,
  findings: readonly SecretFinding[],
  values: KnownSecrets["values"],
): AccountState {
  if (findings.some(({ level }) => level === "problem")) return "to do";
  if (!values) return "unknown";
  return use === "off" || keys.every((key) => values[key] === "off") ? "off" : "ready";
}

/** Keys that somebody has to give and that belong to none of the accounts above. */
function others(env: Environment, keys: readonly SecretKey[]): Account[] {
  const known = accounts(env).flatMap((account) => account.keys);
  return keys
    .filter(({ generator, key }) => /^(manual|optional)$/.test(generator) && !known.includes(key))
    .map(({ key, meaning }) => ({
      provider: key,
      serves: meaning,
      use: "own" as const,
      keys: [key],
      register: [],
      account: `${env.name}'s own`,
      at: "docs/runbooks/secrets.md",
    }));
}
