import { CURRENT, HISTORY, HOME, RELEASES } from "../../../host/machine-layout.ts";
import { activate, relink } from "../../release/activate.ts";
import type { ReleasePlan } from "../../release/plan.ts";
import type { Step } from "../../release/step.ts";
import type { MachineFacts } from "../../shared/machine-facts.ts";
import { HIBERNATION_FOLDER } from "./machine-state.ts";

/** A machine that was kept: its volume comes back, and what served starts again. */
export const resumePlan = (facts: MachineFacts, release: string): ReleasePlan =>
  wakePlan(facts, release, [
    {
      name: "mount",
      does: "mount the data volume",
      command: "systemctl restart olympus-data.service",
      limit: 360_000,
    },
  ]);

/** A machine made anew: the releases that the rest laid onto the volume come back first. */
export const recreatePlan = (facts: MachineFacts, release: string): ReleasePlan =>
  wakePlan(facts, release, [putBack, values]);

function wakePlan(facts: MachineFacts, release: string, before: readonly Step[]): ReleasePlan {
  const isDone = facts.current === release && facts.healthy && facts.service === "active";
  const steps = isDone ? [] : [...before, ...activate(release, "wake")];
  return { verb: "wake", release, isDone, steps };
}

/** What an earlier run has put back stays; what it left half done goes. */
const putBack: Step = {
  name: "put back",
  does: "copy the releases of the machine before this one from the volume, every file against its checksum",
  command: [
    `mkdir -p ${RELEASES} ${HOME}/config`,
    `rm -rf ${RELEASES}/*.new`,
    `for from in ${HIBERNATION_FOLDER}/releases/*/; do`,
    `  to=${RELEASES}/$(basename "$from")`,
    '  if [ -e "$to" ]; then continue; fi',
    '  cp -a "$from" "$to.new"',
    '  (cd "$to.new" && sha256sum --check --quiet --strict SHA256SUMS)',
    '  sync -f "$to.new"',
    '  mv -T "$to.new" "$to"',
    "done",
    `if [ ! -e ${HISTORY} ]; then`,
    `  cp ${HIBERNATION_FOLDER}/history ${HISTORY}.new`,
    `  mv ${HISTORY}.new ${HISTORY}`,
    "fi",
  ].join("\n"),
};

const values: Step = {
  name: "values",
  does: "point the plain values at the current release",
  command: relink(`..${CURRENT.slice(HOME.length)}/olympus.env`, `${HOME}/config/olympus.env`).join("\n"),
};
