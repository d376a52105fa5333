import { BIN, CURRENT, DATA, HEALTH, HISTORY, RELEASES, SECRETS_FILE } from "../../host/machine-layout.ts";

/** What a machine says of itself before anything is changed. */
export interface MachineFacts {
  /** As Debian names it. */
  readonly architecture: string;
  /** cloud-init's word: running, done, error, degraded; empty where there is no cloud-init. */
  readonly boot: string;
  readonly volumeMounted: boolean;
  /** Bytes. */
  readonly freeRoot: number;
  /** Bytes. */
  readonly freeData: number;
  readonly hasData: boolean;
  /** Major version of Postgres that wrote the files on the volume; undefined where there are none. */
  readonly postgresFiles: string | undefined;
  readonly hasSecrets: boolean;
  /** Whether the current release brought a program that backs up. */
  readonly canBackUp: boolean;
  /** Ids of the complete releases, oldest first. */
  readonly releases: readonly string[];
  /** Id that the symlink names. */
  readonly current: string | undefined;
  /** Ids in the order in which they became healthy; the last one is what served last. */
  readonly history: readonly string[];
  /** systemd's state of olympus.service. */
  readonly service: string;
  /** Whether the sentinel's last word, not older than {@link FRESH_SECONDS}, is healthy for the current release. */
  readonly healthy: boolean;
}

/** The sentinel writes every minute. */
export const FRESH_SECONDS = 180;

export const BACKUP = `${BIN}/olympus-backup`;

/** Asks for the facts: a line each, the name first. Changes nothing. */
export const INSPECT = [
  'echo "architecture $(dpkg --print-architecture)"',
  `echo "boot $(cloud-init status 2>/dev/null | sed -n 's/^status: //p')"`,
  `if mountpoint -q ${DATA}; then echo volume mounted; fi`,
  'echo "freeRoot $(df -B1 --output=avail /opt | tail -n 1)"',
  `echo "freeData $(df -B1 --output=avail ${DATA} 2>/dev/null | tail -n 1)"`,
  `if [ -n "$(ls -A ${DATA}/postgres 2>/dev/null)" ]; then echo data there; fi`,
  `cat ${DATA}/postgres/*/docker/PG_VERSION 2>/dev/null | sort -n | sed -n '$s/^/postgresFiles /p'`,
  `if [ -s ${SECRETS_FILE} ]; then echo secrets there; fi`,
  `if [ -x ${BACKUP} ]; then echo backup there; fi`,
  `ls ${RELEASES} 2>/dev/null | sed -n '/\\.new$/!s/^/release /p'`,
  `if [ -L ${CURRENT} ]; then echo "current $(basename "$(readlink ${CURRENT})")"; fi`,
  `cut -d' ' -f1 ${HISTORY} 2>/dev/null | sed 's/^/history /'`,
  'echo "service $(systemctl is-active olympus.service || true)"',
  `if [ -f ${HEALTH} ]; then`,
  `  echo "healthAge $(($(date +%s) - $(stat -c %Y ${HEALTH})))"`,
  `  jq -r '"healthy \\(.healthy) \\(.release)"' ${HEALTH} || true`,
  "fi",
].join("\n");

/** Reads the answer to {@link INSPECT}. */
export function parseFacts(answer: string): MachineFacts {
  const lines = answer.split("\n").map((line) => {
    const [name = "", ...rest] = line.trim().split(/\s+/);
    return { name, value: rest.join(" ") };
  });
  const all = (name: string): string[] =>
    lines.filter((line) => line.name === name && line.value).map(({ value }) => value);
  const one = (name: string): string => all(name)[0] ?? "";
  const current = one("current") || undefined;
  return {
    architecture: one("architecture"),
    boot: one("boot"),
    volumeMounted: one("volume") === "mounted",
    freeRoot: Number(one("freeRoot")),
    freeData: Number(one("freeData")),
    hasData: one("data") === "there",
    postgresFiles: one("postgresFiles") || undefined,
    hasSecrets: one("secrets") === "there",
    canBackUp: one("backup") === "there",
    releases: all("release").sort(),
    current,
    history: all("history"),
    service: one("service"),
    healthy: one("healthy") === `true ${current}` && Number(one("healthAge")) <= FRESH_SECONDS,
  };
}

/** The release that served last and still lies there: what a failed release goes back to. */
export const served = ({ history, releases }: MachineFacts): string | undefined =>
  history.filter((id) => releases.includes(id)).at(-1);
