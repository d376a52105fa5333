import { Construct } from "constructs";
import type { Environment } from "../config/load/environment.ts";
import { SshKey } from "./hcloud.ts";
import { resourceLabels } from "./shared.ts";

/** The operators' keys for the first login; later ones come with a release. */
export class SshKeys extends Construct {
  readonly ids: string[];

  constructor(scope: Construct, id: string, env: Environment) {
    super(scope, id);
    this.ids = Object.entries(env.operators.sshKeys).map(
      ([owner, publicKey]) =>
        new SshKey(this, owner, { name: owner, publicKey, labels: resourceLabels(env) }).id,
    );
  }
}
