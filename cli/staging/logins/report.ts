import type { BurstResult } from "./burst.ts";
import type { EveryoneResult } from "./login-everyone.ts";
import type { Traffic } from "./traffic.ts";

const ms = (figure: number | undefined): string => (figure === undefined ? "-" : `${Math.round(figure)} ms`);
const because = (reasons: readonly string[]): string[] => reasons.map((reason) => `  ${reason}`);

export const burstText = (rate: number, result: BurstResult): string =>
  [
    `${result.in} of ${result.wanted} logins at ${rate}/s succeeded: ${result.perSecond.toFixed(1)}/s`,
    `p50 ${ms(result.p50)}, p95 ${ms(result.p95)}, p99 ${ms(result.p99)}`,
    `${result.failed} failed (${(100 * result.errorRate).toFixed(2)} %), ${result.limited} answered with 429, ${result.unsent} not sent, because 500 were under way`,
    ...because(result.reasons),
  ].join("\n");

const SHOWN = 20;

export const everyoneText = ({ people, in: inside, seconds, reasons }: EveryoneResult): string =>
  [
    `${inside} of ${people} logged in, in ${seconds.toFixed(0)} s`,
    ...because(reasons.slice(0, SHOWN)),
    ...(reasons.length > SHOWN ? [`  and ${reasons.length - SHOWN} more: --json names all`] : []),
  ].join("\n");

/** By hour: hourly logins begin when the machine is up, so that an hour at night has none. */
export function trafficText(
  environment: string,
  [fewest, most]: readonly [number, number],
  { hours, identities, loggedOut }: Traffic,
): string {
  const total = hours.reduce((sum, logins) => sum + logins, 0);
  return [
    `${environment}: ${total} simulated logins of ${identities} people in ${hours.length} h, ${loggedOut} logged out again; ${fewest} to ${most} an hour are expected`,
    `the last hours, the current one first: ${hours.join(" ")}`,
  ].join("\n");
}
