import { lastLine, type MachineScriptOptions, runOnMachine, storeFacts } from "../shared/machine-script.ts";

/** Has an environment's machine load its newest backup beside its databases, compare it, and say RPO and RTO. */
export const drill = (environment: string, options: MachineScriptOptions): Promise<void> =>
  runOnMachine(environment, options, {
    verb: "drill",
    command: ["olympus-drill"],
    plan: storeFacts,
    lines: (facts) => [
      `from     ${facts.repository}`,
      lastLine(facts),
      "load     the newest backup into databases drill_…, beside those in use",
      "compare  every table with the backup's manifest; then drop them; read a quarter of the store",
    ],
  });
