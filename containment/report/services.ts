import type { ServiceReach } from "../services.ts";

/** What whoever takes over one service of a machine has there, a paragraph for each. */
export const servicesAsText = (services: readonly ServiceReach[]): string =>
  [
    "Who takes over one service of a machine has there",
    ...services.map(({ service, opens, asks, reaches }) => {
      const rest = reaches.filter((listener) => !asks.includes(listener));
      return [
        `  ${service}`,
        `    opens: ${opens.join("; ") || "nothing"}`,
        ...(asks.length ? [`    asks without a login: ${asks.join(", ")}`] : []),
        ...(rest.length ? [`    reaches: ${rest.join(", ")}`] : []),
      ].join("\n");
    }),
  ].join("\n");
