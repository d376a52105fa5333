import type { Environment } from "../../../config/load/environment.ts";
import { BIN, DATA } from "../../../host/machine-layout.ts";
import { Failure } from "../../../lib/failure.ts";
import { stderrProgress as progress, step } from "../../../lib/progress.ts";
import { inspectMachine } from "../../release/change.ts";
import { perform } from "../../release/perform.ts";
import type { ReleasePlan } from "../../release/plan.ts";
import { machineObstacles } from "../../release/preflight.ts";
import { deliver, loadChecked } from "../../secrets/push.ts";
import type { TargetOptions } from "../../shared/target.ts";
import type { HibernationMachine, ResumeReport } from "./machine.ts";
import { recreatePlan, resumePlan } from "./machine-plan.ts";
import { readHibernationRecord, recordDifferences } from "./machine-record.ts";
import { openMachineSession } from "./machine-session.ts";
import { HIBERNATE_SECONDS, IN_PROGRESS_MARKER, parseMachineState, STATE_QUERY } from "./machine-state.ts";

const HOUR_MS = 3600_000;
/** Where a rest was cut short, Postgres may have been stopped already. */
const POSTGRES = [
  `if [ -e ${IN_PROGRESS_MARKER} ]; then`,
  "  podman start olympus-postgres >/dev/null",
  "  timeout 60 sh -c 'until podman exec olympus-postgres pg_isready -q; do sleep 1; done'",
  "fi",
].join("\n");
const BACKUP = `${POSTGRES}\n${BIN}/olympus-backup before-sleep >&2\njq -re .snapshot ${DATA}/backup/backup.json`;
const REQUIRE_HIBERNATE_SCRIPT = `[ -x ${BIN}/olympus-rest ] || { echo "the current release has no bin/olympus-rest: release once" >&2; exit 1; }`;

/**
 * The machine of an environment with extras, over ssh. From its first change on it holds the lock of releases. Everything
 * throws a {@link Failure} when the machine cannot be reached or refuses; so does this for an environment without extras.
 */
export async function openHibernationMachine(
  env: Environment,
  target: TargetOptions,
): Promise<HibernationMachine> {
  const { name, extras } = env;
  if (!extras)
    throw new Failure(
      `${name} serves real people: it has no extras in config/. Only a non-production environment sleeps.`,
    );
  const session = openMachineSession(name, target);

  const wake = async (plan: ReleasePlan, before: ResumeReport["took"]): Promise<ResumeReport> => {
    const result = await perform(plan, session.change, progress);
    if (result.outcome !== "done")
      throw new Failure(
        [`${plan.release} did not become healthy:`, ...result.problems.map((line) => `  ${line}`)].join("\n"),
      );
    const remote = await session.remote();
    const record = await readHibernationRecord(remote);
    return {
      release: plan.release,
      differences: record ? await recordDifferences(remote, record) : [],
      ...(record?.snapshot && { snapshot: record.snapshot }),
      took: [...before, ...result.took],
    };
  };

  return {
    look: () =>
      session.reading(async (remote) => {
        const { exitCode, stdout, stderr } = await remote.run(STATE_QUERY, {
          timeoutMs: (HIBERNATE_SECONDS + 120) * 1000,
        });
        if (exitCode !== 0) throw new Failure(`The machine of ${name} cannot be inspected: ${stderr.trim()}`);
        return parseMachineState(stdout, new Date());
      }),
    backup: () => step(progress, "backup", () => session.must(BACKUP, 4 * HOUR_MS)),
    rest: async () => {
      await step(progress, "rest", () =>
        session.must(`${REQUIRE_HIBERNATE_SCRIPT}\n${BIN}/olympus-rest`, 2 * HOUR_MS),
      );
      // The server may be gone in a moment: a connection to nothing takes a minute to end.
      await session.close();
    },
    resume: async () => {
      const remote = await session.remote();
      const facts = await inspectMachine(remote);
      if (!facts.current)
        throw new Failure(
          `The machine of ${name} was recreated: it has nothing to resume and must be started from its volume.`,
        );
      // The last report of health may be from before a rest that was cut short.
      const isCutShort = (await remote.run(`[ -e ${IN_PROGRESS_MARKER} ]`)).exitCode === 0;
      return wake(resumePlan({ ...facts, healthy: facts.healthy && !isCutShort }, facts.current), []);
    },
    rise: async () => {
      const took: [string, number][] = [];
      const timed = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
        const begin = Date.now();
        const result = await step(progress, what, work);
        took.push([what, Date.now() - begin]);
        return result;
      };
      const secrets = await loadChecked(name);
      const remote = await timed("wait for the known host key", () => session.again());
      await timed("first boot", () => inspectMachine(remote));
      const record = await readHibernationRecord(remote);
      if (!record)
        throw new Failure(
          `The volume of ${name} has no record of a clean shutdown, so the release that served is unknown. Release it: ./olympus release ${name}`,
        );
      await timed("secrets", () => deliver(secrets, remote));
      const facts = await inspectMachine(remote);
      const stops = machineObstacles(facts);
      if (stops.length)
        throw new Failure([`${name} cannot be started:`, ...stops.map((s) => `  ${s}`)].join("\n"));
      return wake(recreatePlan(facts, record.release), took);
    },
    close: session.close,
  };
}
