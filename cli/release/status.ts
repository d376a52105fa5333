import { imageReference } from "../../host/images.ts";
import { Failure } from "../../lib/failure.ts";
import { served } from "../shared/machine-facts.ts";
import { connectToMachine, environmentNamed, type TargetOptions } from "../shared/target.ts";
import { parseStatus, STATUS, statusText } from "./machine-status.ts";

export interface StatusOptions extends TargetOptions {
  readonly json?: boolean;
  /** Only `release=<id>`, well or not: for a workflow that may have to go back to it. */
  readonly serving?: boolean;
}

/** Prints how an environment's machine is. Exit code 0 healthy, 1 not. */
export async function status(environment: string, options: StatusOptions): Promise<void> {
  const { images } = environmentNamed(environment);
  const remote = await connectToMachine(environment, options);
  try {
    const { exitCode, stdout, stderr } = await remote.run(STATUS);
    if (exitCode !== 0) throw new Failure(`The machine cannot be inspected: ${stderr.trim()}`);
    const report = parseStatus(stdout, Object.values(images).map(imageReference));
    if (options.serving) return console.log(`release=${served(report.facts) ?? ""}`);
    const { problems, ...rest } = report;
    console.log(
      options.json
        ? JSON.stringify({ environment, healthy: problems.length === 0, problems, ...rest }, null, 2)
        : statusText(environment, report),
    );
    process.exitCode = problems.length ? 1 : 0;
  } finally {
    await remote.close();
  }
}
