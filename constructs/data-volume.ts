import { Construct } from "constructs";
import type { Environment } from "../config/load/environment.ts";
import { volumeName } from "../config/load/names.ts";
import { Volume } from "./hcloud.ts";
import { keep, resourceLabels } from "./shared.ts";

/** Everything worth keeping lies here; the server itself can be replaced at any time. */
export class DataVolume extends Construct {
  readonly volume: Volume;

  constructor(scope: Construct, id: string, env: Environment) {
    super(scope, id);
    // No server_id and no format: the machine mounts it itself, and formats it only while it is blank.
    this.volume = new Volume(this, "Default", {
      name: volumeName(env.name),
      size: env.volumeGb,
      location: env.location,
      automount: false,
      labels: resourceLabels(env),
      ...keep(env),
    });
  }
}
