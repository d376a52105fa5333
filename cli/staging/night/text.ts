import type { NonProductionEnvironment } from "../../../config/load/environment.ts";
import type { Statement } from "./billing.ts";
import type { SleepResult } from "./hibernate.ts";
import type { WakeResult } from "./resume.ts";

const HEADLINES: Readonly<Record<SleepResult["is"], string>> = {
  asleep: "sleeps: its server is gone",
  kept: "is stopped, and its server KEPT: it costs as before",
  awake: "stays awake; nothing was done",
  planned: "would be put to sleep; nothing was done",
};

/** An evening, for a terminal. */
export function sleepResultText(env: NonProductionEnvironment, night: SleepResult): string {
  const { verdict, until, month, server, release, snapshot } = night;
  const would = verdict && night.is === "planned" ? `would ${verdict.is} its server: ` : "";
  return [
    `${env.name} ${HEADLINES[night.is]}`,
    `  why      ${would}${night.why}`,
    ...(server
      ? [`  server   ${server.id}, ${server.type} in ${env.location}, since ${server.created.toISOString()}`]
      : []),
    ...(release ? [`  release  ${release} comes back at the wake`] : []),
    ...(snapshot ? [`  backup   ${snapshot}`] : []),
    ...(until
      ? [`  wakes    ${local(until, env)}, by the clock; earlier by \`./olympus wake ${env.name}\``]
      : []),
    ...(month ? monthLines(month) : []),
    ...(night.is === "kept" ? [POWER_OFF] : []),
    ...(night.is === "asleep"
      ? ["  stays    volume, addresses and DNS; volume and addresses are billed as before"]
      : []),
  ].join("\n");
}

const POWER_OFF =
  "  note     Hetzner bills a server until it is deleted: one that is stopped or powered off saves nothing";

/** A morning, for a terminal. */
export function wakeResultText(
  env: NonProductionEnvironment,
  { is, server, awake, month, took }: WakeResult,
): string {
  const headline = {
    new: `is awake on a new server: ${server.id}, ${server.type} in ${env.location}`,
    resumed: "is awake again, on the server that was kept",
    already: "was awake already; nothing was done",
  }[is];
  return [
    `${env.name} ${headline}`,
    ...(awake
      ? [
          `  release  ${awake.release}`,
          `  data     ${awake.differences.length ? "DIFFERS from before the night:" : "the same as before the night"}`,
          ...awake.differences.map((difference) => `    ${difference}`),
          `  took     ${(took / 1000).toFixed(0)} s until healthy: ${awake.took.map(([step, ms]) => `${step} ${(ms / 1000).toFixed(0)}`).join(", ")}`,
        ]
      : []),
    ...(month ? monthLines(month) : []),
  ].join("\n");
}

function monthLines({ span, servers, hours, billed, neverAsleep, saved }: Statement): string[] {
  const eur = (value: number): string => value.toFixed(2).padStart(7);
  const month = span.from.toISOString().slice(0, 7);
  return [
    `  ${month}, servers only, EUR net, each started hour in full, at most the monthly price for each:`,
    `    billed             ${eur(billed)}  ${hours} h of ${servers} ${servers === 1 ? "server" : "servers"}`,
    `    had it never slept ${eur(neverAsleep)}`,
    `    saved              ${eur(saved)}`,
  ];
}

const local = (at: Date, { extras }: NonProductionEnvironment): string =>
  `${new Intl.DateTimeFormat("sv-SE", { timeZone: extras.timeZone, dateStyle: "short", timeStyle: "short" }).format(at)} ${extras.timeZone}`;
