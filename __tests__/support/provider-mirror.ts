import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A provider in a mirror of a test: a shell script, which Terraform runs as it would run any other. */
export interface ScriptProvider {
  /** `hetznercloud/hcloud`. */
  readonly source: string;
  readonly version: string;
  readonly platforms: readonly string[];
  readonly script: string;
}

/** Puts providers into a folder as `terraform providers mirror` would, unpacked. */
export function mirrorProviders(folder: string, providers: readonly ScriptProvider[]): void {
  for (const { source, version, platforms, script } of providers)
    for (const platform of platforms) {
      const place = join(folder, "registry.terraform.io", source, version, platform);
      mkdirSync(place, { recursive: true });
      const file = join(place, `terraform-provider-${source.split("/")[1]}_v${version}`);
      writeFileSync(file, `#!/bin/sh\n# ${platform}\n${script}\n`);
      chmodSync(file, 0o755);
    }
}
