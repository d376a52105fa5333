/** Where a registry keeps the Terraform providers: those that the bindings name. */
export const PROVIDER_SOURCES = {
  hcloud: "hetznercloud/hcloud",
  cloudflare: "cloudflare/cloudflare",
} as const;
