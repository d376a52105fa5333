import { delimiter, join } from "node:path";
import { childEnvironment } from "../../lib/process-env.ts";
import { ensureNodePackages } from "../../sandbox/programs/node-packages.ts";

/** The Node.js versions that the program is shown to run on, by the name of their packages. */
export const NODES = ["node-20", "node-22", "node-24"] as const;

/** Environment in which `node` and all that starts it are this version. */
export async function nodeEnvironment(
  node: (typeof NODES)[number],
  extra: Record<string, string | undefined> = {},
): Promise<Record<string, string>> {
  const packages = await ensureNodePackages(node, () => undefined);
  const path = [join(packages, "node", "bin"), childEnvironment().PATH].join(delimiter);
  return childEnvironment({ PATH: path, CHECKPOINT_DISABLE: "1", CI: "1", ...extra });
}
