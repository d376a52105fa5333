import type { Environment } from "../config/load/environment.ts";
import { bundle } from "./bundle.ts";
import type { BundleFile } from "./bundle-file.ts";
import { environmentFile } from "./environment-file.ts";
import { extraUnits } from "./extra-units.ts";

/** Everything that a release brings to a machine, but for the secrets. What is proved and what is released are both made of it. */
export interface ReleaseParts {
  /** Files that are the same everywhere. */
  readonly bundle: readonly BundleFile[];
  /** Plain values, by key: `olympus.env`. */
  readonly values: Readonly<Record<string, string>>;
  /** systemd units that only an environment with extras has, by file name. */
  readonly units: Readonly<Record<string, string>>;
}

export const releaseParts = (env: Environment): ReleaseParts => ({
  bundle: bundle(env),
  values: environmentFile(env),
  units: extraUnits(env.extras),
});
