import { printable } from "../../../lib/printable.ts";
import { upgradeReport } from "./report.ts";
import { upgradeText } from "./text.ts";

export interface UpgradeOptions {
  /** Commit, branch or tag. */
  readonly check: string;
  readonly json?: boolean;
}

/** Says what another version would change, before anything is merged. Exit code 1 where the merge would not synthesize. */
export async function checkUpgrade({ check, json }: UpgradeOptions): Promise<void> {
  const report = await upgradeReport(check);
  // Of a version that was not reviewed yet, so no terminal obeys it.
  console.log(printable(json ? JSON.stringify(report, null, 2) : upgradeText(check, report)));
  if (report.conflicts.length || report.refused !== undefined) process.exitCode = 1;
}
