import type { TerraformStack } from "cdktf";
import { PROVIDER_VERSIONS } from "../config/load/provider-versions.ts";

/** Bindings ask for a range; a range is two versions on two days. */
export function pinProviders(
  stack: TerraformStack,
  providers: readonly (keyof typeof PROVIDER_VERSIONS)[],
): void {
  for (const provider of providers) {
    stack.addOverride(`terraform.required_providers.${provider}.version`, PROVIDER_VERSIONS[provider]);
  }
}
