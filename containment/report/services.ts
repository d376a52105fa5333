import type { ServiceReach } from "../services.ts";

/** What whoever takes over one service of a machine has there, a paragraph for each. */
export const servicesAsText = (services: readonly ServiceReach[]): string =>
  [
    "Who takes over one service of a machine has there",
    ...services.map(({ service, opens, asks, reachesToo }) =>
      [
        `  ${service}`,
        `    opens: ${opens.join("; ") || "nothing"}`,
        ...(asks.length ? [`    asks without a login: ${asks.join(", ")}`] : []),
        ...(reachesToo.length ? [`    reaches too, for they share a network: ${reachesToo.join(", ")}`] : []),
      ].join("\n"),
    ),
  ].join("\n");
