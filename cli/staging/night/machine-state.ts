import { DATA, HOME } from "../../../host/machine-layout.ts";
import { parseStatus, STATUS } from "../../release/machine-status.ts";
import { STEP_LOCK } from "../../shared/machine-lock.ts";
import type { MachineState } from "./machine.ts";

/** What bin/olympus-rest lays onto the volume: the releases, their history, the record, what the start compared. */
export const HIBERNATION_FOLDER = `${DATA}/rest`;
/** Until when somebody wants the machine awake, in UTC. */
export const AWAKE_UNTIL = `${DATA}/awake-until`;
/** The record once more, on the server's own disk: says that the volume was let go and not lost. */
const CLEAN_SHUTDOWN_MARKER = `${HOME}/rested`;
/** There from the beginning of a rest to its end. */
export const IN_PROGRESS_MARKER = "/run/olympus/rest-begun";
const MARK = "--- olympus night";

/** Seconds that a rest may still take whose operator was killed: it goes on without him, and its end is waited for. */
export const HIBERNATE_SECONDS = 600;

/** Asks how the machine is. Changes nothing. */
export const STATE_QUERY = [
  `if [ -e ${IN_PROGRESS_MARKER} ]; then flock -w ${HIBERNATE_SECONDS} ${STEP_LOCK} true || true; fi`,
  STATUS,
  `echo "${MARK}"`,
  `if [ -e ${IN_PROGRESS_MARKER} ]; then echo "stopping yes"; fi`,
  `if [ -e ${CLEAN_SHUTDOWN_MARKER} ]; then echo "stopped yes"; fi`,
  `record=${HIBERNATION_FOLDER}/record.json; if [ ! -e "$record" ]; then record=${CLEAN_SHUTDOWN_MARKER}; fi`,
  `if [ -e "$record" ]; then jq -r '"release \\(.release)", "contents \\(.contents)"' "$record"; fi`,
  `if [ -e ${HOME}/current/bundle.sha256 ]; then echo "serves $(cat ${HOME}/current/bundle.sha256)"; fi`,
  `if [ -e ${AWAKE_UNTIL} ]; then echo "awake $(cat ${AWAKE_UNTIL})"; fi`,
].join("\n");

/** Reads the answer to {@link STATE_QUERY}. */
export function parseMachineState(answer: string, now: Date): MachineState {
  const [status = "", night = ""] = answer.split(`${MARK}\n`);
  const { facts, problems } = parseStatus(status, []);
  const said = new Map(night.split("\n").map((line) => line.split(/ (.*)/s, 2) as [string, string]));
  const release = facts.current ?? said.get("release");
  const contents = (facts.current && said.get("serves")) || said.get("contents");
  const awakeUntil = new Date(said.get("awake") ?? Number.NaN);
  const is = !facts.current
    ? "blank"
    : !facts.volumeMounted && said.has("stopped")
      ? "resting"
      : problems.length || said.has("stopping")
        ? "unwell"
        : "serving";
  return {
    is,
    ...(is === "unwell" && said.has("stopping") && { isCutShort: true as const }),
    ...(release && { release }),
    ...(contents && /^[0-9a-f]{64}$/.test(contents) && { contents }),
    ...(awakeUntil > now && { awakeUntil }),
    problems: is === "unwell" ? problems : [],
  };
}
