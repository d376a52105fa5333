import { createHash } from "node:crypto";
import { TerraformStack } from "cdktf";
import { Construct } from "constructs";
import type { Environment } from "../config/load/environment.ts";
import { keyBody } from "../config/load/fields.ts";
import { SshKey } from "./hcloud.ts";
import { resourceLabels } from "./shared.ts";

/**
 * The keys of the operators and of the environment's own deploy for the first login; later ones come with a release. A key is known by itself and its owner is its
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
    const deploy = new SshKey(scope, "deploy", {
      name: `deploy-${env.name}`,
      publicKey: env.deployKey,
      labels: resourceLabels(env),
    });
    this.ids.push(deploy.id);
    // States of before know operators' keys by their owners, and a deploy's key as one of those.
    TerraformStack.of(this).addOverride("moved", [
      ...owners.map(([owner, publicKey]) => ({
        from: `hcloud_ssh_key.${id}-${owner}`,
        to: `hcloud_ssh_key.${id}-${fingerprintOf(publicKey)}`,
      })),
      { from: `hcloud_ssh_key.${id}-${fingerprintOf(env.deployKey)}`, to: "hcloud_ssh_key.deploy" },
    ]);
  }
}

/** Of the key alone: its comment may change. */
export const fingerprintOf = (publicKey: string): string =>
  createHash("sha256").update(keyBody(publicKey)).digest("hex").slice(0, 12);
