import { environmentNamed } from "../shared/target.ts";
import type { SmokeOptions } from "./options.ts";
import { smokeReportText } from "./report.ts";
import { smokeReport } from "./run.ts";

/** Asks an environment from outside whether it is well. Prints what was seen; exits 1 when anything is red. */
export async function smoke(name: string, options: SmokeOptions): Promise<void> {
  const report = await smokeReport(environmentNamed(name), options);
  console.log(options.json ? JSON.stringify(report, null, 2) : smokeReportText(report));
  process.exitCode = report.failed > 0 ? 1 : 0;
}
