import type { Environment } from "../../config/load/environment.ts";

/** Where and as whom cdktf and Terraform run. */
export interface TerraformContext {
  readonly variables: Record<string, string | undefined>;
  readonly output: string;
  readonly asks: boolean;
  /** From a server of the sandbox that boots to somebody who logs in: lines that say where to look. Absent elsewhere. */
  readonly bringUp?: (env: Environment, address: string) => Promise<string[]>;
}
