import type { ConfigSource } from "../../../config/load/source.ts";
import { base } from "./base.ts";
import { prod } from "./prod.ts";
import { staging } from "./staging.ts";

/** In a throw-away copy of the program this is the checkout's own. Which environments there are: the one that the others are held against, and a line for each of those. */
export const shipped: ConfigSource = {
  base,
  reference: ["prod", prod],
  mirrors: [["staging", staging]],
};
