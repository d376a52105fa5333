#!/usr/bin/env node
// `npx cdktf`, as everything else here starts Terraform: the installation puts this in the place of cdktf-cli's own command.
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const set = (name, value) => {
  process.env[name] ||= value;
};

// Its question for a newer version prints a red error where the internet is not reached, and CDKTF has no newer version.
set("CHECKPOINT_DISABLE", "1");
// Stores other than Amazon's refuse the checksums that Terraform sends since 1.11.2.
set("AWS_REQUEST_CHECKSUM_CALCULATION", "when_required");
set("AWS_RESPONSE_CHECKSUM_VALIDATION", "when_required");
// Where providers are locked, only those run.
if (process.env.OLYMPUS_PROVIDER_LOCK || existsSync("config/terraform.lock.hcl"))
  set("TF_CLI_ARGS_init", "-lockfile=readonly");
// One name for a token, whoever runs Terraform.
for (const [name, value] of Object.entries(process.env)) {
  const [, cloud, stack] = /^(HCLOUD_TOKEN|CLOUDFLARE_API_TOKEN)_([A-Z0-9_]+)$/.exec(name) ?? [];
  if (stack && value)
    set(`TF_VAR_${cloud === "HCLOUD_TOKEN" ? "hcloud" : "cloudflare"}_token_${stack.toLowerCase()}`, value);
}

createRequire(resolve(root, "package.json"))("cdktf-cli/bundle/bin/cdktf");
