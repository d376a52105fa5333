import type { ConfigSource } from "../../../config/index.ts";
import { base } from "./base.ts";
import { prod } from "./prod.ts";
import { staging } from "./staging.ts";

/** Folder of the certificate requests that belong to {@link fixture}. */
const requests = "__tests__/support/fleet/csr";

/** The configuration that tests are about: what a team writes in config/ is no concern of theirs. */
export const fixture: ConfigSource = {
  base,
  reference: ["prod", prod],
  mirrors: [["staging", staging]],
  requests,
};
