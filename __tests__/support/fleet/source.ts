import type { ConfigSource } from "../../../config/load/source.ts";
import { shipped } from "./environments.ts";

/** The configuration that tests are about: what a team writes in config/ is no concern of theirs. */
export const fixture: ConfigSource = { ...shipped, requests: "__tests__/support/fleet/csr" };
