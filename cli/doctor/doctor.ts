import { Failure } from "../../lib/failure.ts";
import type { TargetOptions } from "../shared/target.ts";
import { checkRows } from "./check-rows.ts";
import { fixRows } from "./fix.ts";
import { allDone, doctorJson, doctorText } from "./report.ts";
import { createDoctorSources } from "./sources.ts";
import { subjects } from "./subject.ts";
import { doctorRows } from "./table.ts";

export interface DoctorOptions extends TargetOptions {
  readonly json?: boolean;
  /** Do what needs no person. */
  readonly fix?: boolean;
  /** Without asking before each change. */
  readonly yes?: boolean;
  /** With `fix`: who shall approve deploys to where real people are. */
  readonly reviewer?: readonly string[];
}

/**
 * Prints everything between a clone and a running pipeline, in order, each row checked for real and with its remedy. Exit code
 * 0 when all that counts is done, 1 when something is to do or could not be asked.
 */
export async function doctor(name: string | undefined, options: DoctorOptions): Promise<void> {
  if (name === undefined && (options.host || options.hostKey))
    throw new Failure(
      "--host and --host-key are of one machine: name its environment, such as `./olympus doctor staging`",
    );
  if (options.reviewer?.length && !options.fix)
    throw new Failure("--reviewer says who shall approve deploys: it needs --fix");
  const found = subjects(name);
  const all = doctorRows(found, createDoctorSources(options, options.reviewer));
  const rows = options.fix ? await fixRows(all, options.yes === true) : await checkRows(all);
  const names = found.map((subject) => subject.name);
  console.log(options.json ? doctorJson(names, rows) : doctorText(names, rows));
  process.exitCode = allDone(rows) ? 0 : 1;
}
