import { createHash } from "node:crypto";
import { join } from "node:path";
import { sandboxDirectory } from "../../lib/process-env.ts";

/** Where the local stack lies. Everything is below `root`, but for `runroot`: podman wants short paths for its sockets. */
export interface LocalPaths {
  readonly root: string;
  /** One folder for each state of the bundle; `current` is a link to the one that runs. */
  readonly releases: string;
  readonly current: string;
  /** What a machine has as /opt/olympus/config, /mnt/olympus-data and /run/olympus. */
  readonly config: string;
  readonly data: string;
  readonly run: string;
  /** Generated secrets and the authority's key: for their owner only. */
  readonly secrets: string;
  /** Certificate of the authority, for curl and the browser. */
  readonly trust: string;
  /** Containers, images, volumes, networks and secrets of a podman of its own. */
  readonly podman: string;
  /** Mounts and sockets of that podman: gone after a reboot, as they must be. */
  readonly runroot: string;
}

/** The places of a sandbox's local stack. */
export function localPaths(sandbox = sandboxDirectory()): LocalPaths {
  const root = join(sandbox, "local");
  const id = createHash("sha256").update(root).digest("hex").slice(0, 8);
  return {
    root,
    releases: join(root, "releases"),
    current: join(root, "current"),
    config: join(root, "config"),
    data: join(root, "data"),
    run: join(root, "run"),
    secrets: join(root, "secrets.json"),
    trust: join(root, "ca.crt"),
    podman: join(root, "podman"),
    runroot: join("/run", "olympus-sandbox", id),
  };
}
