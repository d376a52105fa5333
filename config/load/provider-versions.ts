/** Exact versions of the Terraform providers: those the bindings were made from. */
export const PROVIDER_VERSIONS = { hcloud: "1.68.0", cloudflare: "5.14.0" } as const;
