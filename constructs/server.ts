import { Fn, Op, ref, TerraformStack, TerraformVariable, Token } from "cdktf";
import { Construct } from "constructs";
import type { Environment } from "../config/load/environment.ts";
import { ATTACHMENT_ID, hibernatedVariable, serverName } from "../config/load/names.ts";
import { renderUserData } from "../host/user-data.ts";
import type { Addresses } from "./addresses.ts";
import type { DataVolume } from "./data-volume.ts";
import type { OuterFirewall } from "./firewall.ts";
import { Server, VolumeAttachment } from "./hcloud.ts";
import { resourceLabels } from "./shared.ts";
import type { SshKeys } from "./ssh-keys.ts";

export interface OlympusServerProps {
  readonly env: Environment;
  readonly addresses: Addresses;
  readonly data: DataVolume;
  readonly firewall: OuterFirewall;
  readonly sshKeys: SshKeys;
}

/**
 * The machine: disposable, since its data and its addresses are not its own. A night without it is a value of one run
 * (TF_VAR_hibernated_<environment>), never of a file: the next plain deploy has it back.
 */
export class OlympusServer extends Construct {
  /** Since when there is none, as the state knows; empty while there is one. */
  readonly hibernated: unknown;

  constructor(scope: Construct, id: string, { env, addresses, data, firewall, sshKeys }: OlympusServerProps) {
    super(scope, id);
    // Named after its environment: a shell in which staging sleeps cannot take prod's machine away.
    const hibernated = new TerraformVariable(scope, hibernatedVariable(env.name), {
      type: "string",
      default: "",
      nullable: false,
      description: `Since when ${env.name} is without its server, in UTC; olympus sleep sets it`,
    });
    hibernated.addValidation({
      condition: `\${var.${hibernated.friendlyUniqueId} == "" || can(timeadd(var.${hibernated.friendlyUniqueId}, "0s"))}`,
      errorMessage: "A time such as 2026-11-25T20:00:00Z, or nothing.",
    });
    // Not "> 0": cdktf 0.21 writes a 0 in an operation as undefined.
    const count = Token.asNumber(Fn.conditional(Op.lt(Fn.lengthOf(hibernated.value), 1), 1, 0));
    const server = new Server(this, "Default", {
      count,
      name: serverName(env.name),
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
      labels: resourceLabels(env),
      // Either would replace the server; a release brings them instead. Another volume is another machine's.
      lifecycle: {
        ignoreChanges: ["ssh_keys", "user_data"],
        replaceTriggeredBy: [`${data.volume.terraformResourceType}.${data.volume.friendlyUniqueId}.id`],
      },
    });
    const isThere = Op.gte(Fn.lengthOf(ref(server.fqn, TerraformStack.of(this))), 1);
    this.hibernated = Fn.conditional(isThere, "", hibernated.value);
    new VolumeAttachment(this, ATTACHMENT_ID, {
      count,
      serverId: Token.asNumber(ref(`${server.fqn}[0].id`, TerraformStack.of(this))),
      volumeId: Token.asNumber(data.volume.id),
      // Hetzner's automount fails on a server made anew; the machine's own unit mounts.
      automount: false,
    });
  }
}
