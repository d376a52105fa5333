import { HOME, RELEASES } from "../../host/machine-layout.ts";
import { BACKUP, type MachineFacts, served } from "../shared/machine-facts.ts";
import { activate, relink } from "./activate.ts";
import { type Contents, idSuffix, MANIFEST, manifestSum, releaseId } from "./contents.ts";
import type { Step } from "./step.ts";

/** What will be done, and what if the new release does not become healthy. */
export interface ReleasePlan {
  readonly verb: "release" | "rollback" | "wake" | "secrets";
  readonly release: string;
  /** Nothing is left to do: the machine serves exactly this, in health. */
  readonly isDone: boolean;
  readonly steps: readonly Step[];
  /** Goes back to what served before; absent when nothing did. */
  readonly back?: { readonly release: string; readonly steps: readonly Step[] };
}

export interface ReleaseChoices {
  /** Also when the machine serves these contents already. */
  readonly force?: boolean | undefined;
  /** What a failed migration costs is the operator's to answer for. */
  readonly withoutBackup?: boolean | undefined;
}

/** How many releases stay on the machine, the one that serves among them. */
export const KEPT = 5;

/** Brings new contents to the machine. */
export function releasePlan(
  facts: MachineFacts,
  contents: Contents,
  now: Date,
  { force, withoutBackup }: ReleaseChoices = {},
): ReleasePlan {
  const last = served(facts);
  const same = last !== undefined && last === facts.current && last.endsWith(idSuffix(contents));
  if (same && facts.healthy && facts.service === "active" && !force)
    return { verb: "release", release: last, isDone: true, steps: [] };
  const id = releaseId(now, contents);
  const folder = `${RELEASES}/${id}`;
  const steps: Step[] = [
    ...(facts.canBackUp && !withoutBackup ? [backup] : []),
    {
      name: "prepare",
      does: "make the folders, clear away what an interrupted run left, point the plain values at the current release",
      command: [
        `mkdir -p ${RELEASES} ${HOME}/config`,
        `rm -rf ${RELEASES}/*.new`,
        ...relink("../current/olympus.env", `${HOME}/config/olympus.env`),
      ].join("\n"),
    },
    {
      name: "upload",
      does: `write ${contents.count} files and their checksums beside the releases`,
      command: `umask 022\nmkdir ${folder}.new\ntar -x --no-same-owner -C ${folder}.new`,
      input: contents.files,
    },
    {
      name: "verify",
      does: "compare every file with its checksum",
      command: verify(`${folder}.new`, contents),
    },
    {
      name: "keep",
      does: "give the complete release its name",
      command: `sync -f ${folder}.new\nmv -T ${folder}.new ${folder}`,
    },
    ...activate(id, "release"),
    prune(facts, id),
  ];
  return { verb: "release", release: id, isDone: false, steps, ...back(last) };
}

const BACKUP_SECONDS = 3600;

/** First of all: when it fails, nothing has been touched. */
const backup: Step = {
  name: "backup",
  does: "have the release that serves store a backup off the machine",
  command: `timeout ${BACKUP_SECONDS} ${BACKUP} before-release`,
  limit: (BACKUP_SECONDS + 60) * 1000,
};

/** Puts a release that has served before in charge again. */
export function rollbackPlan(facts: MachineFacts, to: string): ReleasePlan {
  const last = served(facts);
  const isDone = to === facts.current && to === last && facts.healthy && facts.service === "active";
  if (isDone) return { verb: "rollback", release: to, isDone, steps: [] };
  const verified = {
    name: "verify",
    does: "compare every file with its checksum",
    command: `cd ${RELEASES}/${to}\nsha256sum --check --quiet --strict ${MANIFEST}`,
  };
  const plan: ReleasePlan = {
    verb: "rollback",
    release: to,
    isDone,
    steps: [verified, ...activate(to, "rollback")],
  };
  return last === to ? plan : { ...plan, ...back(last) };
}

/**
 * Where a rollback leads when nobody names it: what served before the current release. A release that was rolled back
 * from is not among those again, so that a second rollback goes further back and not to what was bad.
 */
export function rollbackTarget(facts: MachineFacts): string | undefined {
  const last = served(facts);
  // A run that was killed between switch and health: what served last is not in charge.
  if (last !== facts.current) return last;
  const trusted: string[] = [];
  for (const id of facts.history.filter((id) => facts.releases.includes(id))) {
    if (trusted.includes(id)) trusted.length = trusted.indexOf(id);
    trusted.push(id);
  }
  return trusted.at(-2);
}

/** Releases on the machine that have been healthy once, in the order in which they last served. */
export const rollbackChoices = ({ history, releases }: MachineFacts): string[] =>
  [...new Set([...history].reverse())].filter((id) => releases.includes(id)).reverse();

const back = (last: string | undefined): Pick<ReleasePlan, "back"> =>
  last === undefined ? {} : { back: { release: last, steps: activate(last, "back") } };

function verify(folder: string, contents: Contents): string {
  return [
    `cd ${folder}`,
    `echo '${manifestSum(contents)}  ${MANIFEST}' | sha256sum --check --quiet --strict`,
    `sha256sum --check --quiet --strict ${MANIFEST}`,
    `[ "$(find . -type f | wc -l)" = ${contents.files.length} ]`,
  ].join("\n");
}

/** Releases whose files a container has mounted: one that nothing changed since stays where it was made. */
const MOUNTED = [
  `podman ps -aq | xargs -r podman inspect --format '{{range .Mounts}}{{println .Source}}{{end}}'`,
  `sed -n 's|^${RELEASES}/\\([^/]*\\)/.*|\\1|p'`,
].join(" | ");

/** Images that no release on the machine names. One that is in use is refused by podman, and stays. */
const PRUNE_IMAGES = [
  `named=$(cat ${RELEASES}/*/images.env 2>/dev/null | sed -n 's/^IMAGE_[A-Z_]*=//p')`,
  `podman images --format '{{.Repository}}:{{.Tag}} {{.Repository}}@{{.Digest}}' | while read -r tag digest; do`,
  '  [ -n "$named" ] || break',
  '  printf \'%s\\n\' "$named" | grep -qxF -e "$tag" -e "$digest" || podman rmi "$tag" >/dev/null 2>&1 || true',
  "done",
];

/** Keeps those that served last, and those that are in use; those that never did are of no use to a rollback. */
function prune(facts: MachineFacts, id: string): Step {
  const kept = [...rollbackChoices(facts), id].slice(-KEPT);
  const going = facts.releases.filter((old) => !kept.includes(old));
  const releases = [
    `mounted=$(${MOUNTED})`,
    `for old in ${going.join(" ")}; do`,
    `  printf '%s\\n' "$mounted" | grep -qxF "$old" || rm -rf "${RELEASES}/$old"`,
    "done",
  ];
  return {
    name: "prune",
    does: `keep the ${KEPT} releases that served last, those that a service is made of, and the images of these`,
    command: [...(going.length ? releases : []), ...PRUNE_IMAGES].join("\n"),
  };
}
