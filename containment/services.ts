import { MACHINE_SECRETS } from "./machine-secrets.ts";
import { MACHINE_NETWORK, TALKS } from "./talks.ts";

/** A service of the machine, as the compose files have it. */
export interface ServiceFacts {
  readonly name: string;
  /** None where it has the machine's own. */
  readonly networks: readonly string[];
  /** Ports that it opens in some of its networks only. */
  readonly bound: readonly { readonly port: number; readonly networks: readonly string[] }[];
}

/** What stands between a network and the others: it leads nowhere, podman keeps it apart, or nothing does. */
export type Wall = "internal" | "isolated" | "none";

/** The services of a machine and the networks they are in. */
export interface MachineNetworks {
  readonly services: readonly ServiceFacts[];
  readonly walls: Readonly<Record<string, Wall>>;
}

/** What whoever takes over one service has. */
export interface ServiceReach {
  readonly service: string;
  /** What its secrets open, each once. */
  readonly opens: readonly string[];
  /** Ports of others that it reaches, such as `iam-kratos:7001`. */
  readonly reaches: readonly string[];
  /** Admin APIs among them, which ask for no login. */
  readonly asks: readonly string[];
}

/** A port that a service reaches and may not. */
export interface ServiceFinding {
  readonly service: string;
  readonly path: readonly string[];
  readonly message: string;
}

/** What each service opens and reaches, of who is in which network and who holds which secret. */
export const serviceReach = (
  machine: MachineNetworks,
  held: readonly { readonly key: string; readonly consumers: readonly string[] }[],
): ServiceReach[] =>
  machine.services.map((service) => {
    const opened = held.filter(({ consumers }) => consumers.includes(service.name));
    const reaches = reachedBy(machine, service).map(({ listener }) => listener);
    return {
      service: service.name,
      opens: [...new Set(opened.map(({ key }) => MACHINE_SECRETS[key]?.opens ?? key))],
      reaches,
      asks: reaches.filter((listener) => TALKS[listener]?.what),
    };
  });

/** What a service reaches past `talks.ts`, with the network by which it does. */
export const serviceFindings = (machine: MachineNetworks): ServiceFinding[] =>
  machine.services.flatMap((service): ServiceFinding[] => {
    const { name } = service;
    if (!service.networks.length)
      return Object.hasOwn(MACHINE_NETWORK, name)
        ? []
        : [
            {
              service: name,
              path: ["the machine's own network", "every port of every service"],
              message: `${name} may not have the machine's network: give it networks of its own in its compose file, or say in MACHINE_NETWORK of containment/talks.ts why it must`,
            },
          ];
    return reachedBy(machine, service)
      .filter(({ listener }) => !Object.hasOwn(TALKS[listener]?.callers ?? {}, name))
      .map(({ listener, by }) => ({
        service: name,
        path: [`network ${by}`, [listener, TALKS[listener]?.what].filter(Boolean).join(", ")],
        message: `${name} may not reach ${listener}: take it out of that network, or say in containment/talks.ts what for`,
      }));
  });

/** Ports of others that a service reaches, and the first network that leads there. */
function reachedBy({ services, walls }: MachineNetworks, self: ServiceFacts) {
  const wall = (network: string): Wall => walls[network] ?? "none";
  const leads = (from: string, to: string): boolean =>
    from === to ||
    // Podman forwards between two bridges unless both are isolated; an internal one takes no part.
    ([from, to].every((network) => wall(network) !== "internal") &&
      [from, to].some((network) => wall(network) === "none"));
  return Object.keys(TALKS).flatMap((listener) => {
    const [name = "", port] = listener.split(":");
    const callee = services.find((service) => service.name === name && name !== self.name);
    const open = callee?.bound.find((one) => one.port === Number(port))?.networks ?? callee?.networks ?? [];
    const by = self.networks.find((from) => open.some((to) => leads(from, to)));
    return by ? [{ listener, by }] : [];
  });
}
