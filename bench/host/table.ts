import type { BenchmarkHeader } from "../result.ts";
import type { BackupRates } from "./backup.ts";
import { type LatencySummary, type Logins, OVERHEAD_AIM } from "./logins.ts";
import { SERVER_MIB, type ServiceMemory } from "./memory.ts";
import type { ReleaseTimes } from "./release.ts";
import type { TimesSummary } from "./times.ts";

export interface HostFigures {
  readonly times: TimesSummary;
  readonly memory: readonly ServiceMemory[];
  readonly logins: Logins;
  readonly release: ReleaseTimes;
  readonly backup: BackupRates;
}

/** The figures for people. */
export const hostTable = (
  header: BenchmarkHeader,
  { times, memory, logins, release, backup }: HostFigures,
): string =>
  [
    `${header.cpu}, ${header.cores} cores, ${header.system}, load ${header.load.toFixed(1)}, ${header.date}`,
    timesText(times),
    memoryText(memory),
    loginsText(logins),
    releaseText(release),
    backupText(backup),
  ].join("\n\n");

const timesText = ({ machines, bootToHealthy, firstStart, restart }: TimesSummary): string =>
  [
    `Times on ${machines} machines, median`,
    `  first boot to healthy      ${seconds(bootToHealthy)}`,
    `  first release to healthy   ${seconds(firstStart)}`,
    `  restart to healthy         ${seconds(restart)}`,
  ].join("\n");

function memoryText(memory: readonly ServiceMemory[]): string {
  const sum = memory.reduce((total, { mib }) => total + mib, 0);
  return [
    `Memory at rest, of the ${SERVER_MIB} MiB of cpx22`,
    ...memory.map(
      ({ service, mib, standIn }) =>
        `  ${service.padEnd(20)} ${mib.toFixed(0).padStart(5)} MiB${standIn ? `  STAND-IN: ${standIn}` : ""}`,
    ),
    `  ${"all".padEnd(20)} ${sum.toFixed(0).padStart(5)} MiB  ${((100 * sum) / SERVER_MIB).toFixed(0)} %`,
  ].join("\n");
}

const loginsText = ({ pairs, kratos, caddy, ratio, met }: Logins): string =>
  [
    `${pairs} logins each way, in turn       p50      p95      p99`,
    latencyText("Kratos alone", kratos),
    latencyText("Kratos through Caddy", caddy),
    `  ratio, median of the pairs: ${ratio.toFixed(3)}; aim: at most ${OVERHEAD_AIM.toFixed(2)}: ${met ? "met" : "missed"}`,
  ].join("\n");

const latencyText = (name: string, { p50, p95, p99 }: LatencySummary): string =>
  `  ${name.padEnd(24)}${[p50, p95, p99].map((ms) => `${ms.toFixed(0)} ms`.padStart(9)).join("")}`;

const releaseText = ({ rounds, toHealthy, smoke }: ReleaseTimes): string =>
  [
    `${rounds} releases, median`,
    `  release to healthy         ${seconds(toHealthy)}`,
    `  smoke test, no login       ${seconds(smoke)}`,
  ].join("\n");

const backupText = ({ rounds, people, megabytes, ways }: BackupRates): string =>
  [
    `${people} people, ${megabytes.toFixed(1)} MB of dumps, ${rounds} rounds     MB/s  people/s  ratio`,
    ...ways.map(
      (way) =>
        `  ${way.name.padEnd(32)}${seconds(way.seconds)}${way.megabytesPerSecond.toFixed(2).padStart(8)}${way.peoplePerSecond.toFixed(0).padStart(10)}${way.ratio.toFixed(2).padStart(7)}`,
    ),
  ].join("\n");

const seconds = (value: number): string => `${value.toFixed(1).padStart(6)} s`;
