import { Construct } from "constructs";
import type { Environment } from "../config/load/environment.ts";
import { OriginCaCertificate } from "./cloudflare.ts";

/** What Caddy shows to Cloudflare. Signed from a request; the key stays with the secrets. */
export class OriginCertificate extends Construct {
  readonly pem: string;

  constructor(scope: Construct, id: string, env: Environment) {
    super(scope, id);
    this.pem = new OriginCaCertificate(this, "Default", {
      csr: env.originCsr,
      // Sorted: the order is part of the certificate, and a new order would be a new certificate.
      hostnames: Object.values(env.hosts).sort(),
      requestType: "origin-ecc",
      requestedValidity: 5475,
      // The new one must exist before the old one is revoked.
      lifecycle: { createBeforeDestroy: true },
    }).certificate;
  }
}
