import { HOME } from "../release/facts.ts";
import { parseStatus, STATUS } from "../release/status.ts";
import type { MachineState } from "./machine.ts";

const DATA = "/mnt/olympus-data";
/** What bin/olympus-rest lays onto the volume: the releases, their history, the record, what the start compared. */
export const REST = `${DATA}/rest`;
/** Until when somebody wants the machine awake, in UTC. */
export const AWAKE_UNTIL = `${DATA}/awake-until`;
/** The record once more, on the server's own disk: says that the volume was let go and not lost. */
const RESTED = `${HOME}/rested`;
const MARK = "--- olympus night";

/** Asks how the machine is. Changes nothing. */
export const LOOK = [
  STATUS,
  `echo "${MARK}"`,
  `if [ -e ${RESTED} ]; then echo "rested yes"; fi`,
  `record=${REST}/record.json; if [ ! -e "$record" ]; then record=${RESTED}; fi`,
  `if [ -e "$record" ]; then jq -r '"release \\(.release)", "contents \\(.contents)"' "$record"; fi`,
  `if [ -e ${HOME}/current/bundle.sha256 ]; then echo "serves $(cat ${HOME}/current/bundle.sha256)"; fi`,
  `if [ -e ${AWAKE_UNTIL} ]; then echo "awake $(cat ${AWAKE_UNTIL})"; fi`,
].join("\n");

/** Reads the answer to {@link LOOK}. */
export function parseState(answer: string, now: Date): MachineState {
  const [status = "", night = ""] = answer.split(`${MARK}\n`);
  const { facts, problems } = parseStatus(status, []);
  const said = new Map(night.split("\n").map((line) => line.split(/ (.*)/s, 2) as [string, string]));
  const release = facts.current ?? said.get("release");
  const contents = (facts.current && said.get("serves")) || said.get("contents");
  const awakeUntil = new Date(said.get("awake") ?? Number.NaN);
  const is = !facts.current
    ? "blank"
    : !facts.volumeMounted && said.has("rested")
      ? "resting"
      : problems.length
        ? "unwell"
        : "serving";
  return {
    is,
    ...(release && { release }),
    ...(contents && /^[0-9a-f]{64}$/.test(contents) && { contents }),
    ...(awakeUntil > now && { awakeUntil }),
    problems: is === "unwell" ? problems : [],
  };
}
