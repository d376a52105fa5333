import type { Environment } from "../../config/environment.ts";
import { stderrProgress as progress, step } from "../../sandbox/host/progress.ts";
import { Failure } from "../lib/failure.ts";
import { perform } from "../release/perform.ts";
import type { Plan } from "../release/plan.ts";
import { machineObstacles } from "../release/preflight.ts";
import { inspect } from "../release/run.ts";
import type { TargetOptions } from "../release/target.ts";
import { deliver, sealed } from "../secrets/push.ts";
import type { Awake, NightMachine } from "./machine.ts";
import { resumePlan, risePlan } from "./machine-plan.ts";
import { differences, readRecord } from "./machine-record.ts";
import { openSession } from "./machine-session.ts";
import { BEGUN, LOOK, parseState, REST_SECONDS } from "./machine-state.ts";

const BIN = "/opt/olympus/current/bin";
const HOUR_MS = 3600_000;
/** Where a rest was cut short, Postgres may have been stopped already. */
const POSTGRES = [
  `if [ -e ${BEGUN} ]; then`,
  "  podman start olympus-postgres >/dev/null",
  "  timeout 60 sh -c 'until podman exec olympus-postgres pg_isready -q; do sleep 1; done'",
  "fi",
].join("\n");
const BACKUP = `${POSTGRES}\n${BIN}/olympus-backup before-sleep >&2\njq -re .snapshot /mnt/olympus-data/backup/backup.json`;
const RESTS = `[ -x ${BIN}/olympus-rest ] || { echo "what serves brought no bin/olympus-rest: release once" >&2; exit 1; }`;

/**
 * The machine of an environment with extras, over ssh. From its first change on it holds the lock of releases. Everything
 * throws a {@link Failure} when the machine cannot be reached or refuses; so does this for an environment without extras.
 */
export async function nightMachine(env: Environment, target: TargetOptions): Promise<NightMachine> {
  const { name, extras } = env;
  if (!extras) throw new Failure(`${name} serves people: it has no extras, so it never rests.`);
  const session = openSession(name, target);

  const wake = async (plan: Plan, before: Awake["took"]): Promise<Awake> => {
    const result = await perform(plan, session.change, progress);
    if (result.outcome !== "done")
      throw new Failure(
        [`${plan.release} did not become healthy:`, ...result.problems.map((line) => `  ${line}`)].join("\n"),
      );
    const remote = await session.remote();
    const record = await readRecord(remote);
    return {
      release: plan.release,
      differences: record ? await differences(remote, record) : [],
      ...(record?.snapshot && { snapshot: record.snapshot }),
      took: [...before, ...result.took],
    };
  };

  return {
    look: () =>
      session.reading(async (remote) => {
        const { exitCode, stdout, stderr } = await remote.run(LOOK, {
          timeoutMs: (REST_SECONDS + 120) * 1000,
        });
        if (exitCode !== 0) throw new Failure(`The machine of ${name} cannot be inspected: ${stderr.trim()}`);
        return parseState(stdout, new Date());
      }),
    backup: () => step(progress, "backup", () => session.must(BACKUP, 4 * HOUR_MS)),
    rest: async () => {
      await step(progress, "rest", () => session.must(`${RESTS}\n${BIN}/olympus-rest`, 2 * HOUR_MS));
      // The server may be gone in a moment: a connection to nothing takes a minute to end.
      await session.close();
    },
    resume: async () => {
      const remote = await session.remote();
      const facts = await inspect(remote);
      if (!facts.current)
        throw new Failure(`The machine of ${name} was made anew: it has nothing to resume, it must rise.`);
      // The last report of health may be from before a rest that was cut short.
      const isCutShort = (await remote.run(`[ -e ${BEGUN} ]`)).exitCode === 0;
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
      const secrets = await sealed(name);
      const remote = await timed("answer with the known key", () => session.again());
      await timed("first boot", () => inspect(remote));
      const record = await readRecord(remote);
      if (!record)
        throw new Failure(
          `The volume of ${name} holds no record of a rest: nothing says what served. Release it: npx olympus release ${name}`,
        );
      await timed("secrets", () => deliver(secrets, remote));
      const facts = await inspect(remote);
      const stops = machineObstacles(facts);
      if (stops.length) throw new Failure([`${name} cannot rise:`, ...stops.map((s) => `  ${s}`)].join("\n"));
      return wake(risePlan(facts, record.release), took);
    },
    close: session.close,
  };
}
