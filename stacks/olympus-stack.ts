import { Fn, TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import type { Environment } from "../config/load/environment.ts";
import { PUBLISHED, redirectUri, SERVICES } from "../config/load/hosts.ts";
import { SERVER_ID, VOLUME_ID } from "../config/load/names.ts";
import { monthlyCost, priceBook, total } from "../config/prices.ts";
import { Addresses } from "../constructs/addresses.ts";
import { Clock } from "../constructs/clock.ts";
import { DataVolume } from "../constructs/data-volume.ts";
import { DnsRecords } from "../constructs/dns-records.ts";
import { OuterFirewall } from "../constructs/firewall.ts";
import { OriginCertificate } from "../constructs/origin-certificate.ts";
import { CloudflareAccess, HcloudAccess } from "../constructs/providers.ts";
import { OlympusServer } from "../constructs/server.ts";
import { SshKeys } from "../constructs/ssh-keys.ts";
import { addBackend } from "./backend.ts";
import { ReadableStack } from "./naming.ts";
import { pinProviders } from "./pins.ts";

/** One whole environment. Production and its mirrors are instances of this class, and of nothing else. */
export class OlympusStack extends ReadableStack {
  constructor(scope: Construct, env: Environment, stateDirectory?: string) {
    super(scope, env.name);
    addBackend(this, env.state, env.name, stateDirectory);
    new HcloudAccess(this, "hcloud", env.name);
    new CloudflareAccess(this, "cloudflare", env.name);
    pinProviders(this, ["hcloud", "cloudflare"]);

    const addresses = new Addresses(this, "address", env);
    const data = new DataVolume(this, VOLUME_ID, env);
    const firewall = new OuterFirewall(this, "firewall", env);
    const sshKeys = new SshKeys(this, "operator", env);
    const server = new OlympusServer(this, SERVER_ID, { env, addresses, data, firewall, sshKeys });

    const published = Object.fromEntries(PUBLISHED.map((service) => [SERVICES[service], env.hosts[service]]));
    new DnsRecords(this, "dns", { env, addresses, hosts: published });
    const certificate = new OriginCertificate(this, "origin", env);

    if (env.extras) {
      new Clock(this, "clock", { env, extras: env.extras });
      if (env.extras.mail === "mailpit")
        new DnsRecords(this, "mailpit", { env, addresses, hosts: { mail: env.hosts.mail } });
    }

    this.output("server_ipv4", "IPv4 address of the server", addresses.ipv4.ipAddress);
    // An interrupt that meets its making leaves no network in the state, and an import beside it evaluates every output.
    this.output("server_ipv6", "IPv6 address of the server", Fn.try([addresses.ipv6Host, ""]));
    this.output("hibernated", "Since when the server is away for the night", server.hibernated);
    this.output("data_volume_id", "Id of the volume that holds everything worth keeping", data.volume.id);
    this.output("origin_certificate", "Certificate that Caddy shows to Cloudflare", certificate.pem);
    this.output(
      "urls",
      "Public address of every service",
      mapValues(published, (host) => `https://${host}`),
    );
    this.output("oidc_redirect_uris", "Redirect URI to register at each provider", redirectUris(env));
    this.output("monthly_cost", "Net cost of a month that never sleeps, by the dated price book", cost(env));
  }

  private output(name: string, description: string, value: unknown): void {
    new TerraformOutput(this, name, { description, value });
  }
}

const mapValues = <T>(
  record: Readonly<Record<string, T>>,
  map: (value: T) => string,
): Record<string, string> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));

/** To register at each OIDC provider. */
const redirectUris = ({ hosts, oidcProviders }: Environment): Record<string, string> =>
  Object.fromEntries(oidcProviders.map((id) => [id, redirectUri(hosts, id)]));

function cost(env: Environment) {
  const lines = monthlyCost(env);
  return { currency: priceBook.currency, total: total(lines), prices_of: priceBook.date, lines };
}
