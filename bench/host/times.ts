import { median } from "../../lib/statistics.ts";
import type { HostUnderTest } from "./machine.ts";

/** Seconds on one machine. */
export interface Times {
  /** From systemd's first moment to every service healthy: packages, the operator's release and what it waits for. */
  readonly bootToHealthy: number;
  /** The first start of a release: images are pulled, databases made and migrated. */
  readonly firstStart: number;
  /** Restarts of the same release, stop and start. */
  readonly restarts: readonly number[];
}

const stamp = (property: string, unit = ""): string =>
  `systemctl show ${unit} -P ${property}TimestampMonotonic`;

/** Must come first: systemd keeps the moments of the latest start only. */
export async function measureTimes({ inside }: HostUnderTest, restarts: number): Promise<Times> {
  const unit = "olympus.service";
  const moments = await inside(
    [stamp("Userspace"), stamp("InactiveExit", unit), stamp("ActiveEnter", unit)].join("; "),
  );
  // Microseconds.
  const [boot = 0, start = 0, healthy = 0] = moments.split("\n").map((text) => Number(text) / 1e6);
  const again: number[] = [];
  for (let i = 0; i < restarts; i += 1) {
    const begin = performance.now();
    await inside(`systemctl restart ${unit}`);
    again.push((performance.now() - begin) / 1000);
  }
  return { bootToHealthy: healthy - boot, firstStart: healthy - start, restarts: again };
}

export interface TimesSummary {
  readonly machines: number;
  readonly bootToHealthy: number;
  readonly firstStart: number;
  readonly restart: number;
}

/** Medians over all machines. */
export const summarize = (times: readonly Times[]): TimesSummary => ({
  machines: times.length,
  bootToHealthy: median(times.map((one) => one.bootToHealthy)),
  firstStart: median(times.map((one) => one.firstStart)),
  restart: median(times.flatMap((one) => one.restarts)),
});
