import { DATA } from "../../../host/machine-layout.ts";
import { Failure } from "../../../lib/failure.ts";
import { requireNonProduction } from "../../shared/non-production.ts";
import { connectToMachine, type TargetOptions } from "../../shared/target.ts";
import { AWAKE_UNTIL } from "./machine-state.ts";
import { parseAwakeUntil } from "./override.ts";

export interface AwakeOptions extends TargetOptions {
  /** ISO time; without an offset in the environment's own time zone. */
  readonly until?: string;
  readonly clear?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** Keeps an environment's machine awake until a time, or lets it sleep again. A mark on the volume, which `sleep` reads. */
export async function awake(environment: string, options: AwakeOptions): Promise<void> {
  const { extras } = requireNonProduction(environment, "Only a non-production environment sleeps.");
  if (Boolean(options.until) === Boolean(options.clear)) throw new Failure("Say --until <time> or --clear.");
  const until = options.until ? parseAwakeUntil(options.until, extras.timeZone, new Date()) : undefined;
  const said = until ? `awake until ${until.toISOString()}` : "nothing that keeps it awake";
  if (!options.json) console.error(`awake of ${environment}: one marker on its volume: ${said}`);
  if (!options.dryRun) await write(environment, options, until);
  const values = { environment, awakeUntil: until?.toISOString() ?? null, written: !options.dryRun };
  console.log(
    options.json
      ? JSON.stringify(values, null, 2)
      : options.dryRun
        ? "Nothing was changed."
        : `${environment}: ${said}.`,
  );
}

async function write(environment: string, options: TargetOptions, until: Date | undefined): Promise<void> {
  const remote = await connectToMachine(environment, options);
  try {
    const { exitCode } = await remote.run(until ? SET_MARKER : CLEAR_MARKER, {
      input: `${until?.toISOString() ?? ""}\n`,
    });
    if (exitCode !== 0)
      throw new Failure(
        `The machine of ${environment} has no volume to write to: it sleeps or is stopped. Wake it: ./olympus wake ${environment}`,
      );
  } finally {
    await remote.close();
  }
}

const MOUNTED = `mountpoint -q ${DATA}`;
const SET_MARKER = `${MOUNTED}\ncat >${AWAKE_UNTIL}.new\nsync ${AWAKE_UNTIL}.new\nmv ${AWAKE_UNTIL}.new ${AWAKE_UNTIL}`;
const CLEAR_MARKER = `${MOUNTED}\nrm -f ${AWAKE_UNTIL}`;
