/**
 * Every name that is derived from an environment's or a zone's, for who declares the resource and for who looks it up
 * later. A name that changes here replaces a resource, or makes a shell's variable unknown.
 */

/** As Terraform's and the shell's identifiers want it: `zone-your-app-com` is `zone_your_app_com`. */
const identifier = (name: string): string => name.replaceAll(/[.-]/g, "_");

/** Name of an environment's server at Hetzner: `olympus-staging`. */
export const serverName = (environment: string): string => `olympus-${environment}`;
export const firewallName = (environment: string): string => `olympus-${environment}`;
/** Name of the volume that holds all data: `olympus-staging-data`. */
export const volumeName = (environment: string): string => `olympus-${environment}-data`;
/** Name of a primary IP: `olympus-staging-ipv4`. */
export const addressName = (environment: string, type: "ipv4" | "ipv6"): string =>
  `olympus-${environment}-${type}`;
/** Name of the Worker that is an environment's clock. */
export const clockName = (environment: string): string => `olympus-${environment}-clock`;

/** Name of the stack of a zone: `zone-your-app-com`. */
export const zoneStackName = (zone: string): string => `zone-${zone.replaceAll(".", "-")}`;
/** The same as it stands in the names of its variables: `zone_your_app_com`. */
export const zoneIdentifier = (zone: string): string => identifier(zoneStackName(zone));

/** Terraform variable of a cloud's token for one stack: `hcloud_token_staging`. */
export const tokenVariable = (cloud: "hcloud" | "cloudflare", stack: string): string =>
  `${cloud}_token_${identifier(stack)}`;
/** Shell variable that people set for it: `HCLOUD_TOKEN_STAGING`, `CLOUDFLARE_API_TOKEN_STAGING`. */
export const shellTokenVariable = (cloud: "hcloud" | "cloudflare", stack: string): string =>
  `${cloud === "hcloud" ? "HCLOUD" : "CLOUDFLARE_API"}_TOKEN_${identifier(stack).toUpperCase()}`;

/** Terraform variable that says since when an environment's server is away: `hibernated_staging`. */
export const hibernatedVariable = (environment: string): string => `hibernated_${identifier(environment)}`;

/** Bucket of a stack's state: `acme-state-staging`. One for each, since a key is for a bucket and who writes a state runs code at its next plan. */
export const stateBucket = (prefix: string, stack: string): string => `${prefix}-${stack}`;
/** Profile of a credentials file that opens it: `olympus-staging`. */
export const stateProfile = (stack: string): string => `olympus-${stack}`;

/** Construct ids that make Terraform addresses, and the addresses: without the index that `count` adds. */
export const SERVER_ID = "server";
export const ATTACHMENT_ID = "data";
export const VOLUME_ID = "data";
export const SERVER_ADDRESS = `hcloud_server.${SERVER_ID}`;
export const ATTACHMENT_ADDRESS = `hcloud_volume_attachment.${SERVER_ID}-${ATTACHMENT_ID}`;
export const VOLUME_ADDRESS = `hcloud_volume.${VOLUME_ID}`;
