import { randomUUID } from "node:crypto";
import { hostname, userInfo } from "node:os";
import { KEEP_ALIVE_COMMAND, quote } from "./ssh.ts";

const RUN_LOCK = "/run/olympus-release.lock";
/** Held while a step is at work, whether or not its run still lives. */
export const STEP_LOCK = "/run/olympus-step.lock";
/** Seconds that a step left behind by a killed run may still take. */
const STEP_SECONDS = 300;

/** The right to change the machine: one run at a time has it. */
export interface Lock {
  /** For the first session of the connection: takes the lock, keeps it while the session lives, or ends with 75. */
  readonly hold: string;
  /** The same script, refused once another run has the lock. */
  fence(script: string): string;
}

/**
 * A lock that no kill can leave behind: the kernel frees it with the session. A step that a killed run had already
 * started may outlive its session, so the next run waits for it, and one that comes later finds another run's name.
 */
export function newLock(token: string = randomUUID(), holder = `${userInfo().username}@${hostname()}`): Lock {
  return {
    hold: [
      `exec 9>>${RUN_LOCK}`,
      `flock -n 9 || { echo "another release or rollback is running: $(cut -d' ' -f2- ${RUN_LOCK}). Wait for it." >&2; exit 75; }`,
      `echo ${quote(token)} ${quote(holder)} "since $(date -u +%FT%TZ)" >${RUN_LOCK}`,
      `flock -w ${STEP_SECONDS} ${STEP_LOCK} true || { echo "a step of an earlier run has not ended within ${STEP_SECONDS} s" >&2; exit 75; }`,
      KEEP_ALIVE_COMMAND,
    ].join("\n"),
    fence: (script) => {
      const guard = `grep -q ${quote(`^${token} `)} ${RUN_LOCK} || { echo "another run has the lock" >&2; exit 75; }`;
      return `exec flock -w ${STEP_SECONDS} ${STEP_LOCK} sh -euc ${quote(`${guard}\n${script}`)}`;
    },
  };
}
