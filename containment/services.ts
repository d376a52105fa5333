import { MACHINE_SECRETS } from "./machine-secrets.ts";

/** A service of the machine, as the compose files have it. */
export interface ServiceFacts {
  readonly name: string;
  readonly networks: readonly string[];
}

/** What whoever takes over one service has. */
export interface ServiceReach {
  readonly service: string;
  /** What its secrets open, each once. */
  readonly opens: readonly string[];
  /** Admin APIs, which ask for no login, that it needs. */
  readonly asks: readonly string[];
  /** Admin APIs that it reaches and does not need: the network is one for all (SECURITY.md). */
  readonly reachesToo: readonly string[];
}

/** Who needs an admin API, and for what. The machine's own scripts ask by loopback. */
const CALLERS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "ciam-kratos": { "ciam-hera": "its login pages", "ciam-athena": "administers customers" },
  "ciam-hydra": { "ciam-hera": "accepts logins and consents", "ciam-athena": "administers clients" },
  "iam-kratos": {
    "iam-hera": "its login pages",
    "iam-athena": "administers employees",
    "ciam-athena": "who its administrators are",
  },
  "iam-hydra": { "iam-hera": "accepts logins and consents", "iam-athena": "administers clients" },
};

/** What each service opens and reaches, of who is in which network and who holds which secret. */
export const serviceReach = (
  services: readonly ServiceFacts[],
  held: readonly { readonly key: string; readonly consumers: readonly string[] }[],
): ServiceReach[] =>
  services.map(({ name, networks }) => {
    const opened = held.filter(({ consumers }) => consumers.includes(name));
    const reached = services.filter(
      (other) =>
        other.name !== name && other.name in CALLERS && other.networks.some((one) => networks.includes(one)),
    );
    const needs = (api: ServiceFacts) => Object.hasOwn(CALLERS[api.name] ?? {}, name);
    return {
      service: name,
      opens: [...new Set(opened.map(({ key }) => MACHINE_SECRETS[key]?.opens ?? key))],
      asks: reached.filter(needs).map((api) => api.name),
      reachesToo: reached.filter((api) => !needs(api)).map((api) => api.name),
    };
  });
