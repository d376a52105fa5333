import { type Environment, servesRealPeople } from "../../../config/load/environment.ts";
import { describeFindings } from "../../secrets/report.ts";
import type { ProviderMode } from "./accounts.ts";
import type { Item } from "./checklist.ts";

const USES: Readonly<Record<ProviderMode, string>> = {
  live: "live mode",
  sandbox: "sandbox mode",
  own: "an account of its own",
  off: "switched off in the configuration",
};

/** The checklist as a person works through it. */
export function checklistText(env: Environment, items: readonly Item[]): string {
  const done = items.filter(({ state }) => state === "ready" || state === "off").length;
  return [
    servesRealPeople(env)
      ? `${env.name} serves real people: no account here may be in test mode`
      : `${env.name} is a non-production environment: nothing here may reach real people`,
    ...items.map(itemText),
    `${done} of ${items.length} are done.`,
  ].join("\n\n");
}

const itemText = ({ provider, serves, use, account, at, register, keys, state, findings }: Item): string =>
  [
    `[${state.padEnd(7)}] ${provider}: ${serves}`,
    line("mode", USES[use]),
    ...(use === "off" ? [] : [line("account", account), line("at", at)]),
    ...(use === "off" ? [] : register.map(([term, value]) => line("register", `${term}: ${value}`))),
    line("secret", keys.join(", ")),
    ...(findings.length ? [indented(describeFindings(findings))] : []),
  ].join("\n");

const line = (label: string, text: string): string => `          ${label.padEnd(9)}${text}`;
const indented = (text: string): string => text.replace(/^/gm, "          ");
