import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { cached, recipeKey } from "../../lib/cache.ts";
import { Failure } from "../../lib/failure.ts";
import { type Progress, step } from "../../lib/progress.ts";
import { ensureTools } from "../programs/tools.ts";

/** First podman-compose that reads `include`, and the one that is fetched where an older one or none is there. */
const LEAST = [1, 3] as const;
const PACKAGES = ["podman-compose==1.6.0", "PyYAML==6.0.4", "python-dotenv==1.2.4"];

const WRAPPER = `#!/bin/sh
PYTHONPATH=$(dirname "$(dirname "$0")")/lib exec python3 -m podman_compose "$@"
`;

/**
 * Folder whose `podman-compose` is recent enough, from PyPI into the cache; undefined when the one in PATH is. Throws with
 * what to type where pip is missing or PyPI out of reach.
 */
export async function ensurePodmanCompose(progress: Progress): Promise<string | undefined> {
  if (await hasRecent()) return undefined;
  const folder = await cached("podman-compose", recipeKey(PACKAGES), (aside) =>
    step(progress, `install ${PACKAGES[0]}`, async () => {
      await ensureTools(["python3", "pip3"], progress);
      const into = ["--target", join(aside, "lib"), "--disable-pip-version-check", "--quiet"];
      const { exitCode, stderr } = await execa("python3", ["-m", "pip", "install", ...into, ...PACKAGES], {
        reject: false,
      });
      if (exitCode !== 0)
        throw new Failure(
          `podman-compose ${LEAST.join(".")} or later is needed, and pip could not fetch it: install it, then run this again.\n${stderr}`,
        );
      await mkdir(join(aside, "bin"));
      await writeFile(join(aside, "bin", "podman-compose"), WRAPPER);
      await chmod(join(aside, "bin", "podman-compose"), 0o755);
    }),
  );
  return join(folder, "bin");
}

async function hasRecent(): Promise<boolean> {
  const { stdout = "" } = await execa("podman-compose", ["--version"], { reject: false });
  const [major = 0, minor = 0] = (/podman-compose version:? *(\d+)\.(\d+)/.exec(stdout) ?? [])
    .slice(1)
    .map(Number);
  return major > LEAST[0] || (major === LEAST[0] && minor >= LEAST[1]);
}
