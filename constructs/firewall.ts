import { Construct } from "constructs";
import { cloudflareRanges } from "../config/cloudflare-ranges.ts";
import type { Environment } from "../config/load/environment.ts";
import { firewallName } from "../config/load/names.ts";
import { Firewall } from "./hcloud.ts";
import { resourceLabels } from "./shared.ts";

/** The outer wall: web traffic from Cloudflare's edge only, SSH from operators and the office only. */
export class OuterFirewall extends Construct {
  readonly firewall: Firewall;

  constructor(scope: Construct, id: string, env: Environment) {
    super(scope, id);
    const edge = [...cloudflareRanges.ipv4, ...cloudflareRanges.ipv6];
    const tcp = (port: string, description: string, sourceIps: readonly string[]) => ({
      direction: "in",
      protocol: "tcp",
      port,
      description,
      sourceIps: [...new Set(sourceIps)].sort(),
    });
    this.firewall = new Firewall(this, "Default", {
      name: firewallName(env.name),
      labels: resourceLabels(env),
      rule: [
        tcp("22", "SSH for operators and the office", [...env.operators.cidrs, ...env.office.cidrs]),
        tcp("80", "HTTP from Cloudflare", edge),
        tcp("443", "HTTPS from Cloudflare", edge),
      ],
    });
  }
}
