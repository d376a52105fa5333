import { BIN } from "../../host/machine-layout.ts";
import { median, pairedRatio } from "../../lib/statistics.ts";
import type { HostUnderTest } from "./machine.ts";

/** One way to get the databases out or in. */
export interface BackupMethod {
  readonly name: string;
  /** Median. */
  readonly seconds: number;
  /** 10^6 bytes of uncompressed dumps. */
  readonly megabytesPerSecond: number;
  readonly peoplePerSecond: number;
  /** Median of the quotients with the same round's pg_dump or pg_restore alone. */
  readonly ratio: number;
}

export interface BackupRates {
  readonly rounds: number;
  readonly people: number;
  readonly megabytes: number;
  readonly ways: readonly BackupMethod[];
}

interface Step {
  readonly name: string;
  readonly script: string;
  /** What it is held against. */
  readonly against: string;
  /** Not timed. */
  readonly before?: string;
  readonly after?: string;
}

const DUMPS = "/mnt/olympus-data/bench";
const POSTGRES = "podman exec -i --user postgres olympus-postgres";
const forEach = (work: string): string =>
  `for name in ciam_kratos ciam_hydra iam_kratos iam_hydra olympus; do ${POSTGRES} ${work}; done`;

const [PG_DUMP, PG_RESTORE] = ["pg_dump alone", "pg_restore alone"];
const SCRATCH = forEach('createdb -T template0 "bench_$name"');
const NO_SCRATCH = forEach('dropdb --force --if-exists "bench_$name"');
/** Without it a second first backup would find everything there already. */
const EMPTY_STORE = `${BIN}/olympus-restic snapshots --json | jq -r '.[].id' | xargs -r ${BIN}/olympus-restic forget --prune`;

/** A round: each step may stand on what those before it left. The plain ones are the very calls of backup and restore. */
const STEPS: readonly Step[] = [
  {
    name: PG_DUMP,
    script: forEach(`pg_dump --format=custom --compress=none -d "$name" >"${DUMPS}/$name.dump"`),
    against: PG_DUMP,
  },
  {
    name: "backup, all of it new",
    script: `${BIN}/olympus-backup by-hand`,
    against: PG_DUMP,
    before: EMPTY_STORE,
  },
  { name: "backup, nothing new", script: `${BIN}/olympus-backup by-hand`, against: PG_DUMP },
  {
    name: PG_RESTORE,
    script: forEach(
      `pg_restore --exit-on-error --single-transaction -d "bench_$name" <"${DUMPS}/$name.dump"`,
    ),
    against: PG_RESTORE,
    before: SCRATCH,
    after: NO_SCRATCH,
  },
  { name: "drill: loaded beside, compared", script: `${BIN}/olympus-drill`, against: PG_RESTORE },
  { name: "restore, until it serves", script: `${BIN}/olympus-restore latest`, against: PG_RESTORE },
];

const PEOPLE = `for domain in ciam iam; do ${POSTGRES} psql -X -A -t -d "\${domain}_kratos" -c 'SELECT count(*) FROM public.identities'; done`;

/** Seeds so many people, then backs up and restores in turn with pg_dump and pg_restore alone on the same databases. */
export async function measureBackup(
  host: HostUnderTest,
  users: number,
  rounds: number,
): Promise<BackupRates> {
  const { inside, olympus, environment } = host;
  await olympus("seed", environment, "--users", String(users));
  // The first dump fills the caches and does not count.
  await inside(`mkdir -p ${DUMPS}; ${NO_SCRATCH}; ${STEPS[0]?.script}`);
  const bytes = Number(await inside(`cat ${DUMPS}/*.dump | wc -c`));
  const people = (await inside(PEOPLE)).split("\n").reduce((sum, count) => sum + Number(count), 0);
  const taken = new Map(STEPS.map(({ name }) => [name, [] as number[]]));
  for (let round = 0; round < rounds; round += 1) {
    for (const { name, script, before, after } of STEPS) {
      if (before) await inside(before);
      const begin = performance.now();
      await inside(script);
      taken.get(name)?.push((performance.now() - begin) / 1000);
      if (after) await inside(after);
    }
  }
  await inside(`rm -rf ${DUMPS}`);
  return { rounds, people, megabytes: bytes / 1e6, ways: backupMethods(taken, bytes / 1e6, people) };
}

/** Exported for its test. */
export const backupMethods = (
  taken: ReadonlyMap<string, readonly number[]>,
  megabytes: number,
  people: number,
): BackupMethod[] =>
  STEPS.map(({ name, against }) => {
    const own = taken.get(name) ?? [];
    const seconds = median(own);
    return {
      name,
      seconds,
      megabytesPerSecond: megabytes / seconds,
      peoplePerSecond: people / seconds,
      ratio: pairedRatio(own, taken.get(against) ?? []),
    };
  });
