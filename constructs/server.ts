import { Token } from "cdktf";
import { Construct } from "constructs";
import type { Environment } from "../config/environment.ts";
import { renderUserData } from "../host/user-data.ts";
import type { Addresses } from "./addresses.ts";
import type { DataVolume } from "./data-volume.ts";
import type { OuterFirewall } from "./firewall.ts";
import { Server, VolumeAttachment } from "./hcloud.ts";
import { labels } from "./shared.ts";
import type { SshKeys } from "./ssh-keys.ts";

export interface OlympusServerProps {
  readonly env: Environment;
  readonly addresses: Addresses;
  readonly data: DataVolume;
  readonly firewall: OuterFirewall;
  readonly sshKeys: SshKeys;
}

/** The machine: disposable, since its data and its addresses are not its own. */
export class OlympusServer extends Construct {
  constructor(scope: Construct, id: string, { env, addresses, data, firewall, sshKeys }: OlympusServerProps) {
    super(scope, id);
    const server = new Server(this, "Default", {
      name: `olympus-${env.name}`,
      serverType: env.hostType,
      image: env.image,
      location: env.location,
      sshKeys: sshKeys.ids,
      userData: renderUserData(data.volume.id),
      // Attached from the first packet on; an attachment resource would come after the boot.
      firewallIds: [Token.asNumber(firewall.firewall.id)],
      publicNet: [{ ipv4Enabled: true, ipv4: addresses.ipv4.id, ipv6Enabled: true, ipv6: addresses.ipv6.id }],
      // A grown disk cannot shrink: keep the way back to a smaller type.
      keepDisk: true,
      shutdownBeforeDeletion: true,
      backups: false,
      labels: labels(env),
      // A new key would replace the server; a release brings it instead.
      lifecycle: { ignoreChanges: ["ssh_keys"] },
    });
    new VolumeAttachment(this, "data", {
      serverId: Token.asNumber(server.id),
      volumeId: Token.asNumber(data.volume.id),
      // Hetzner's automount fails on a server made anew; the machine's own unit mounts.
      automount: false,
    });
  }
}
