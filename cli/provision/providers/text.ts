import type { Environment } from "../../../config/load/environment.ts";
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
export function checklistText({ name, extras }: Environment, items: readonly Item[]): string {
  const done = items.filter(({ state }) => state === "ready" || state === "off").length;
  return [
    `${name} ${extras ? "is a rehearsal: nothing here may reach people" : "serves people: nothing here may be a sandbox's"}`,
    ...items.map(itemText),
    `${done} of ${items.length} are done.`,
  ].join("\n\n");
}

const itemText = ({ provider, serves, use, account, at, register, keys, state, findings }: Item): string =>
  [
    `[${state.padEnd(7)}] ${provider}: ${serves}`,
    line("mode", USES[use]),
    ...(use === "off" ? [] : [line("account", account), line("at", at)]),
    ...(use === "off" ? [] : register.map(([word, value]) => line("register", `${word}: ${value}`))),
    line("secret", keys.join(", ")),
    ...(findings.length ? [indented(describeFindings(findings))] : []),
  ].join("\n");

const line = (word: string, text: string): string => `          ${word.padEnd(9)}${text}`;
const indented = (text: string): string => text.replace(/^/gm, "          ");
