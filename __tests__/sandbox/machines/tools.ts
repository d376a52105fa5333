import { execaSync } from "execa";
import { runsInCi } from "../../../lib/process-env.ts";

const present = (tool: string): boolean =>
  execaSync("sh", ["-c", `command -v ${tool}`], { reject: false }).exitCode === 0;

/**
 * Whether a real test must be skipped: prints why. In CI nothing is skipped: there the tools belong to the
 * job, and the test fails by itself where one is missing.
 */
export const skipWithout = (tools: readonly string[]): boolean => {
  const reasons = tools.filter((tool) => !present(tool)).map((tool) => `${tool} is not installed`);
  if (process.getuid?.() !== 0) reasons.push("this is not root");
  if (reasons.length === 0 || runsInCi()) return false;
  process.stderr.write(`skipped, because ${reasons.join(" and ")}\n`);
  return true;
};

export const quiet = (): void => undefined;
