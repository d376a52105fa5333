import { TerraformVariable } from "cdktf";
import { Construct } from "constructs";
import { tokenVariable } from "../config/load/names.ts";
import { CloudflareProvider } from "./cloudflare.ts";
import { HcloudProvider } from "./hcloud.ts";

/**
 * The token of one cloud for one stack. Its name carries the stack's: a shell that holds staging's token
 * cannot deploy prod by mistake. The value comes from TF_VAR_<name> and is in no file.
 */
function token(scope: Construct, cloud: "hcloud" | "cloudflare", stack: string): string {
  const variable = new TerraformVariable(scope, tokenVariable(cloud, stack), {
    type: "string",
    sensitive: true,
    nullable: false,
    description: `API token of ${cloud} for ${stack} only`,
  });
  return variable.stringValue;
}

export class HcloudAccess extends Construct {
  constructor(scope: Construct, id: string, stack: string) {
    super(scope, id);
    new HcloudProvider(this, "Default", { token: token(scope, "hcloud", stack) });
  }
}

export class CloudflareAccess extends Construct {
  constructor(scope: Construct, id: string, stack: string) {
    super(scope, id);
    new CloudflareProvider(this, "Default", { apiToken: token(scope, "cloudflare", stack) });
  }
}
