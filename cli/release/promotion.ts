import type { Environment } from "../../config/load/environment.ts";
import { bundleHash } from "./contents.ts";

/**
 * Why this is not the bundle that soaked, as a list for the operator; empty when it is or nobody asked. A rehearsal's
 * bundle is the same to the byte, so its hash holds here too: image pins are part of it, plain values and secrets are not.
 */
export function promotionObstacle(env: Environment, soaked: string | undefined): string[] {
  if (soaked === undefined) return [];
  const ours = bundleHash(env);
  return soaked === ours
    ? []
    : [
        `this commit's bundle is ${ours}; what soaked is ${soaked || "nothing"}: release and soak this commit first`,
      ];
}
