import { type Environment, servesRealPeople } from "../../config/load/environment.ts";
import { unreadImages } from "../../config/load/image-lock.ts";
import { DATA, SECRETS_FILE } from "../../host/machine-layout.ts";
import type { MachineFacts } from "../shared/machine-facts.ts";

const GIB = 1024 ** 3;
/** Images are pulled onto the server's own disk before the old ones can go. */
const ROOT_GIB = 3;
/** The volume must take a migration's copy of a table; the sentinel complains at 90 % anyway. */
const DATA_GIB = 1;

/** What keeps a release from beginning, a line each with its remedy; empty when nothing does. */
export function obstacles(facts: MachineFacts, env: Environment): string[] {
  const { name, tag } = env.images.postgres;
  return [
    ...machineObstacles(facts),
    ...postgresObstacles(facts, `${name}:${tag}`),
    ...imageObstacles(facts, env),
  ];
}

/**
 * Postgres reads the files of its own major version alone, and would begin an empty database beside them. `image`: the reference of the
 * one that is to run, whose tag begins with its version.
 */
export function postgresObstacles({ postgresFiles }: MachineFacts, image: string): string[] {
  const [, major] = /:(\d+)[^/]*$/.exec(image.replace(/@.*/, "")) ?? [];
  if (!postgresFiles || !major || major === postgresFiles) return [];
  return [
    `Postgres ${major} does not read the files of Postgres ${postgresFiles} on the volume: they go over by a backup, docs/runbooks/postgres.md`,
  ];
}

/** What also keeps a rollback from beginning. */
export function machineObstacles({
  boot,
  volumeMounted,
  freeRoot,
  freeData,
  hasSecrets,
}: MachineFacts): string[] {
  const checks: readonly (readonly [boolean, string])[] = [
    [
      boot === "error",
      "its first boot failed: read `cloud-init status --long` there, fix the bootstrap, recreate the server",
    ],
    [
      !volumeMounted,
      `the data volume is not mounted at ${DATA}: read \`journalctl -u olympus-data\` there; a release would write onto the server's own disk`,
    ],
    [
      freeRoot < ROOT_GIB * GIB,
      `${gib(freeRoot)} free on the server's disk, ${ROOT_GIB} GiB are needed: \`sudo podman image prune -a\` there`,
    ],
    [
      volumeMounted && freeData < DATA_GIB * GIB,
      `${gib(freeData)} free on the data volume, ${DATA_GIB} GiB are needed: raise volumeGb in config/base.ts and deploy`,
    ],
    [!hasSecrets, `it has no secrets yet (${SECRETS_FILE}): push them first, docs/runbooks/release.md`],
  ];
  return checks.filter(([stops]) => stops).map(([, text]) => text);
}

function imageObstacles({ architecture }: MachineFacts, { images }: Environment): string[] {
  return Object.entries(images).flatMap(([name, { architectures = [architecture] }]) =>
    architectures.includes(architecture)
      ? []
      : [
          `it is ${architecture}, and config/images.lock.json says ${name} exists for ${architectures.join(" and ")} only: pin another image or choose another hostType`,
        ],
  );
}

/**
 * What keeps a release from machines on the internet that serve real people: a tag may be another image tomorrow, and what soaked on
 * staging would not be what runs. A rollback, a restore and a wake never ask.
 */
export function digestObstacles(env: Pick<Environment, "images" | "extras">): string[] {
  const unread = unreadImages(env.images);
  return unread.length && servesRealPeople(env)
    ? [
        `real people get images by their digest alone, and these have none: ${unread.join(", ")}. Run ./olympus images lock, commit, and let it soak`,
      ]
    : [];
}

/** A line of images whose manifest nobody has read: whether they start on the machine, the pull shows. */
export function imageWarnings(env: Pick<Environment, "images" | "extras">): string[] {
  const unread = unreadImages(env.images);
  return unread.length && !servesRealPeople(env)
    ? [
        `images   not locked, so that what they are built for is unknown: ${unread.join(", ")}; run ./olympus images lock`,
      ]
    : [];
}

const gib = (bytes: number): string => `${(bytes / GIB).toFixed(1)} GiB`;
