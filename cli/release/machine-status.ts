import { BIN, DATA, HEALTH, METRICS } from "../../host/machine-layout.ts";
import { INSPECT, type MachineFacts, parseFacts } from "../shared/machine-facts.ts";
import {
  type Administrators,
  administratorsIn,
  administratorsText,
  factorWarnings,
} from "./administrators.ts";
import { type Health, parseHealth } from "./health.ts";

/** Marks the output of one question from the next. */
const MARK = "--- olympus status";

/** Label of an image that is not what its name says, set where images are built without a registry. */
const STAND_IN = "olympus.stand-in";

/** Reads everything that `olympus status` shows. Changes nothing. */
export const STATUS = [
  INSPECT,
  `echo "${MARK}"`,
  `cat ${HEALTH} 2>/dev/null || true`,
  `echo "${MARK}"`,
  `podman ps -a --filter label=io.podman.compose.project=olympus --format '{{.Names}}|{{.Image}}|{{index .Labels "${STAND_IN}"}}' 2>/dev/null || true`,
  `echo "${MARK}"`,
  // Podman runs each health check as a unit of its own, named by hashes: one that failed at a boot stays in the list, and
  // what is healthy the containers say.
  "systemctl list-units --state=failed --plain --no-legend | awk '$1 !~ /^[0-9a-f]+-[0-9a-f]+\\.service$/ {print $1}'",
  `echo "${MARK}"`,
  // A release of before has no such program.
  `${BIN}/olympus-bootstrap differences 2>/dev/null || true`,
  `echo "${MARK}"`,
  `jq -r '.versions // empty' ${DATA}/backup/drill.json 2>/dev/null || true`,
  `echo "${MARK}"`,
  `grep -hE '^olympus_(administrators|second_factor)' ${METRICS}/database.prom 2>/dev/null || true`,
].join("\n");

/** A container and what it was made from. */
export interface Running {
  readonly name: string;
  readonly image: string;
  /** What it really is, when it is not what the image's name says. */
  readonly standIn: string | undefined;
  /** What config/images.ts pins for it now, when that is another image. */
  readonly pinned: string | undefined;
}

export interface Status {
  readonly facts: MachineFacts;
  readonly health: Health | undefined;
  readonly images: readonly Running[];
  /** As the machine counted them a minute ago; undefined where it did not. */
  readonly administrators: Administrators | undefined;
  /** Failed units of the whole machine. */
  readonly failedUnits: readonly string[];
  /** What a new machine would have otherwise, as the machine says it: no fault, and no release takes it away. */
  readonly differences: readonly string[];
  /** What is no fault of the release and wants doing elsewhere. */
  readonly warnings: readonly string[];
  /** Everything that is wrong; empty means healthy. */
  readonly problems: readonly string[];
}

/** Reads the answer to {@link STATUS}. `pins`: the references that a release of today would run. */
export function parseStatus(answer: string, pins: readonly string[]): Status {
  const [
    factLines = "",
    report = "",
    images = "",
    failed = "",
    differences = "",
    versions = "",
    counts = "",
  ] = answer.split(MARK);
  const administrators = administratorsIn(counts);
  const facts = parseFacts(factLines);
  const health = parseHealth(report);
  const failedUnits = failed.split("\n").filter(Boolean);
  return {
    facts,
    health,
    images: images
      .split("\n")
      .filter(Boolean)
      .map((line) => running(line, pins))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
    failedUnits,
    differences: differences.split("\n").filter(Boolean),
    warnings: [
      ...VERSIONS.filter(([outcome]) => versions.trim().startsWith(`${outcome}:`)).map(([, text]) => text),
      ...factorWarnings(administrators),
      ...failedUnits
        .filter((unit) => WATCHER.test(unit))
        .map((unit) => `${hasFailed(unit)}: journalctl -u ${unit}`),
    ],
    administrators,
    problems: problemsOf(facts, health, failedUnits),
  };
}

/** What the last drill found that a thief of the machine could do to its backups, where that is not right. */
const VERSIONS = [
  [
    "deletable",
    "the backup's key can delete old versions: give it the rights in docs/runbooks/backup.md, then ./olympus drill",
  ],
  [
    "none",
    "the bucket of the backups keeps no old versions: switch versioning on (docs/runbooks/backup.md), then ./olympus drill",
  ],
  [
    "unknown",
    "whether the backup's key can delete old versions could not be tried: journalctl -u olympus-drill, then ./olympus drill",
  ],
] as const;

/** Units that watch. What they find has alarms of its own, and neither a night nor a release waits for it (bin/olympus-health). */
const WATCHER = /^olympus-(health|metrics|synthetic-login|ship-logs|logins)\.service$/;
const hasFailed = (unit: string): string => `unit ${unit} has failed`;

const repository = (reference: string): string => reference.replace(/@.*$/, "").replace(/:[^:/]*$/, "");

function running(line: string, pins: readonly string[]): Running {
  const [name = "", image = "", label = ""] = line.split("|");
  const isLabelled = label !== "" && label !== "<no value>";
  const pinned = pins.includes(image) ? undefined : pins.find((pin) => repository(pin) === repository(image));
  return { name: name.replace(/^olympus-/, ""), image, standIn: isLabelled ? label : undefined, pinned };
}

function problemsOf(
  facts: MachineFacts,
  health: Health | undefined,
  failedUnits: readonly string[],
): string[] {
  const { current, history, service, volumeMounted, healthy } = facts;
  if (!current) return ["no release yet: olympus release"];
  const checks: readonly (readonly [boolean, string])[] = [
    [!volumeMounted, "the data volume is not mounted"],
    [service !== "active", `olympus.service is ${service}`],
    [
      history.at(-1) !== current,
      `a release was interrupted: ${current} has not been healthy yet; release again or roll back`,
    ],
    [!health, "the machine has not written a health report"],
    [health?.healthy === true && !healthy, `the last health report is old or of ${health?.release}`],
  ];
  return [
    ...checks.filter(([wrong]) => wrong).map(([, text]) => text),
    ...(health?.problems ?? []),
    ...failedUnits.filter((unit) => !WATCHER.test(unit)).map(hasFailed),
  ];
}

/** A screen for a person. */
export function statusText(environment: string, status: Status): string {
  const { facts, health, images, differences, warnings, problems, administrators } = status;
  const containers = (health?.containers ?? []).map(({ name, state, health: is, restarts }) => {
    const made = images.find((image) => image.name === name);
    const again = restarts ? `  restarts ${restarts}` : "";
    const what = made
      ? `${made.image}${made.pinned ? `  PINNED NOW: ${made.pinned}` : ""}${made.standIn ? `  STAND-IN: ${made.standIn}` : ""}`
      : "";
    return `  ${name.padEnd(20)} ${[state, is].filter(Boolean).join(" ").padEnd(18)} ${what}${again}`.trimEnd();
  });
  return [
    `${environment}: ${problems.length ? "not healthy" : "healthy"}`,
    ...problems.map((problem) => `  ! ${problem}`),
    ...[...warnings, ...differences].map((line) => `  ~ ${line}`),
    `  release   ${facts.current ?? "none"}`,
    `  earlier   ${facts.releases.filter((id) => id !== facts.current && facts.history.includes(id)).length}`,
    `  service   ${facts.service}`,
    `  checked   ${health?.checked_at ?? "never"}`,
    `  disk      data ${health ? `${health.disk_percent} % full, ` : ""}${gib(facts.freeData)} free; server ${gib(facts.freeRoot)} free`,
    ...(administrators ? [`  admins    ${administratorsText(administrators)}`] : []),
    ...(containers.length ? ["services", ...containers] : []),
    ...(health ? ["units", ...health.units.map(({ name, state }) => `  ${name.padEnd(38)} ${state}`)] : []),
  ].join("\n");
}

const gib = (bytes: number): string => `${(bytes / 1024 ** 3).toFixed(1)} GiB`;
