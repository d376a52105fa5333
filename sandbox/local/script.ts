import { join } from "node:path";
import { execa } from "execa";
import { Failure } from "../../lib/failure.ts";
import { childEnvironment } from "../../lib/process-env.ts";
import type { Progress } from "../../lib/progress.ts";
import { lastLines } from "../../lib/text.ts";
import { engineVariables } from "./engine.ts";
import type { Ports } from "./environment.ts";
import type { LocalPaths } from "./paths.ts";

/** Only this machine gets in. Caddy listens inside on the port that its hosts carry. */
export const portVariables = ({ http, https }: Ports): Record<string, string> => ({
  OLYMPUS_HTTP: `127.0.0.1:${http}:80`,
  OLYMPUS_HTTPS: `127.0.0.1:${https}:${https}`,
});

/** Runs a script of the bundle at the stack's own places; its lines are progress. */
export async function runReleaseScript(
  places: LocalPaths,
  release: string,
  name: string,
  env: Record<string, string>,
  progress: Progress,
): Promise<void> {
  const { config, run, data } = places;
  const moved = { OLYMPUS_CONFIG: config, OLYMPUS_RUN: run, OLYMPUS_DATA: data };
  const child = execa(join(release, "bin", name), {
    env: childEnvironment({ ...engineVariables(places), ...moved, ...env }),
    extendEnv: false,
    all: true,
    reject: false,
    stdin: "ignore",
  });
  for await (const line of child.iterable({ from: "stdout" })) if (line.startsWith("== ")) progress(line);
  const { exitCode, all } = await child;
  if (exitCode !== 0) throw new Failure(`${name} ended with ${exitCode}:\n${lastLines(all ?? "", 40)}`);
}
