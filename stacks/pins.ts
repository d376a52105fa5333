import type { TerraformStack } from "cdktf";

/** Exact versions of the providers: those the bindings were made from. */
export const PROVIDER_VERSIONS = { hcloud: "1.68.0", cloudflare: "5.14.0" } as const;

/** Bindings ask for a range; a range is two versions on two days. */
export function pinProviders(
  stack: TerraformStack,
  providers: readonly (keyof typeof PROVIDER_VERSIONS)[],
): void {
  for (const provider of providers) {
    stack.addOverride(`terraform.required_providers.${provider}.version`, PROVIDER_VERSIONS[provider]);
  }
}
