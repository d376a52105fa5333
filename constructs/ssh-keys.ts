import { createHash } from "node:crypto";
import { TerraformStack } from "cdktf";
import { Construct } from "constructs";
import type { Environment } from "../config/load/environment.ts";
import { SshKey } from "./hcloud.ts";
import { resourceLabels } from "./shared.ts";

/**
 * The operators' keys for the first login; later ones come with a release. A key is known by itself and its owner is its
 * name: Hetzner has each key once, and under another id a renamed owner's would be made while the old one is deleted.
 */
export class SshKeys extends Construct {
  readonly ids: string[];

  constructor(scope: Construct, id: string, env: Environment) {
    super(scope, id);
    const owners = Object.entries(env.operators.sshKeys);
    this.ids = owners.map(
      ([owner, publicKey]) =>
        new SshKey(this, fingerprintOf(publicKey), { name: owner, publicKey, labels: resourceLabels(env) })
          .id,
    );
    // States of before know them by their owners.
    TerraformStack.of(this).addOverride(
      "moved",
      owners.map(([owner, publicKey]) => ({
        from: `hcloud_ssh_key.${id}-${owner}`,
        to: `hcloud_ssh_key.${id}-${fingerprintOf(publicKey)}`,
      })),
    );
  }
}

/** Of the key alone: its comment may change. */
const fingerprintOf = (publicKey: string): string =>
  createHash("sha256")
    .update(publicKey.trim().split(/\s+/)[1] ?? publicKey)
    .digest("hex")
    .slice(0, 12);
