import { median } from "../../lib/statistics.ts";
import type { HostUnderTest } from "./machine.ts";

/** Seconds, medians. */
export interface ReleaseTimes {
  readonly rounds: number;
  /** `olympus release --force` from the operator's side: backup, upload, restart, and everything healthy again. */
  readonly toHealthy: number;
  /** `olympus smoke` of what was released, without a login, which needs the real login pages. */
  readonly smoke: number;
}

/** Releases so many times and asks each time from outside whether all is well. Throws when it is not: that is no figure. */
export async function measureRelease(host: HostUnderTest, rounds: number): Promise<ReleaseTimes> {
  const { environment, olympus } = host;
  const [releases, smokes]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    releases.push(await seconds(() => olympus("release", environment, "--force")));
    smokes.push(await seconds(() => olympus("smoke", environment, ...host.pastCloudflare)));
  }
  return { rounds, toHealthy: median(releases), smoke: median(smokes) };
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work();
  return (performance.now() - begin) / 1000;
}
