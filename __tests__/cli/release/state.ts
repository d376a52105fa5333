import { expect } from "vitest";
import type { Host } from "./machine.ts";

/** What the machine is left with, in the words of its disk. */
export interface DiskState {
  readonly version: string;
  /** The start that systemd ran last was of this release. */
  readonly runs: string;
  readonly current: string;
  readonly recorded: string;
  readonly unfinished: string;
  readonly neverServed: string[];
  readonly count: number;
}

const DISK_STATE_QUERY = [
  "cd /opt/olympus",
  "sed -n 's/SITE_HOST=//p' config/olympus.env",
  'basename "$(cat /run/olympus/running)"',
  'basename "$(readlink current)"',
  "ls releases | grep '\\.new$'",
  "ls releases | grep -v '\\.new$'",
  "cut -d' ' -f1 history",
]
  .join("; echo @; ")
  .replace("; echo @", "");

export async function readDiskState(host: Host): Promise<DiskState> {
  const parts = (await host.inside(DISK_STATE_QUERY)).split("@").map((part) => part.trim());
  const [version = "", runs = "", current = "", unfinished = "", releases = "", history = ""] = parts;
  const served = history.split("\n");
  const kept = releases.split("\n");
  return {
    ...{ version, runs, current, unfinished },
    recorded: served.at(-1) ?? "",
    neverServed: kept.filter((id) => !served.includes(id)),
    count: kept.length,
  };
}

/** Expects the state that an undisturbed release of `version` leaves. Returns the id of the release. */
export async function expectServed(host: Host, version: string): Promise<string> {
  const { current, count, ...rest } = await readDiskState(host);
  expect(rest).toEqual({
    version: `${version}.example`,
    runs: current,
    recorded: current,
    unfinished: "",
    neverServed: [],
  });
  expect(count).toBeLessThanOrEqual(5);
  return current;
}
