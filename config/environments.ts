import { base } from "./base.ts";
import type { ConfigSource } from "./load/source.ts";
import { prod } from "./prod.ts";
import { staging } from "./staging.ts";

/** Which environments there are: the one that the others are held against, and a line for each of those. */
export const shipped: ConfigSource = {
  base,
  reference: ["prod", prod],
  mirrors: [["staging", staging]],
};
