import { Fn } from "cdktf";
import { Construct } from "constructs";
import type { Environment } from "../config/load/environment.ts";
import { addressName } from "../config/load/names.ts";
import { PrimaryIp } from "./hcloud.ts";
import { keep, resourceLabels } from "./shared.ts";

/** The public addresses. They outlive the server, so that DNS and allow-lists stay true while it is gone. */
export class Addresses extends Construct {
  readonly ipv4: PrimaryIp;
  readonly ipv6: PrimaryIp;
  /** First address of the IPv6 network: the one the server answers on. */
  readonly ipv6Host: string;

  constructor(scope: Construct, id: string, env: Environment) {
    super(scope, id);
    const address = (type: "ipv4" | "ipv6") =>
      new PrimaryIp(this, type, {
        name: addressName(env.name, type),
        type,
        location: env.location,
        autoDelete: false,
        labels: resourceLabels(env),
        ...keep(env),
      });
    this.ipv4 = address("ipv4");
    this.ipv6 = address("ipv6");
    this.ipv6Host = Fn.cidrhost(this.ipv6.ipNetwork, 1);
  }
}
