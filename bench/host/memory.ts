import type { HostUnderTest } from "./machine.ts";

/** Memory of the server type that staging is declared with, cpx22, in MiB. */
export const SERVER_MIB = 4096;

export interface ServiceMemory {
  /** Container without its prefix; `(machine)` is all that runs outside of containers. */
  readonly service: string;
  /** Proportional set size: a page that several processes share counts in part for each. */
  readonly mib: number;
  /** What it really is, where its image is not what its name says. */
  readonly standIn: string | undefined;
}

const REST_SECONDS = 30;
const MACHINE = "(machine)";

/** A line for each process: id of its container or "-", and its share of memory in KiB. */
const SHARES = `for p in /proc/[0-9]*; do
  id=$(sed -n 's/.*libpod-\\([0-9a-f]\\{64\\}\\).*/\\1/p' "$p/cgroup" 2>/dev/null | head -n 1)
  pss=$(awk '/^Pss:/ { print $2 }' "$p/smaps_rollup" 2>/dev/null) || continue
  [ -z "$pss" ] || echo "\${id:--} $pss"
done`;
const CONTAINERS = `podman ps --no-trunc --format '{{.ID}}	{{.Names}}	{{index .Labels "olympus.stand-in"}}'`;

/** Memory at rest of every service, largest first. */
export async function measureMemory({ inside }: HostUnderTest): Promise<ServiceMemory[]> {
  await inside(`sleep ${REST_SECONDS}`);
  const named = (await inside(CONTAINERS)).split("\n").map((line) => line.split("\t"));
  const shares = (await inside(SHARES)).split("\n").map((line) => line.split(" "));
  const mibOf = (wanted: (id: string) => boolean): number =>
    shares.reduce((sum, [id = "", kib]) => (wanted(id) ? sum + Number(kib) / 1024 : sum), 0);
  const known = new Set(named.map(([id]) => id));
  return [
    ...named.map(([id, name = "", standIn]) => ({
      service: name.replace(/^olympus-/, ""),
      mib: mibOf((other) => other === id),
      standIn: standIn || undefined,
    })),
    { service: MACHINE, mib: mibOf((id) => !known.has(id)), standIn: undefined },
  ].sort((a, b) => b.mib - a.mib);
}
