import { tmpdir } from "node:os";
import { App } from "cdktf";
import { compose, type Environment } from "../config/environment.ts";
import type { Declared, Fleet } from "../config/index.ts";
import type { MirrorOverlay } from "../config/schema.ts";
import { environmentFile } from "../host/environment-file.ts";
import { extraUnits } from "../host/extra-units.ts";
import { CAUSES, type Cause } from "../parity/bounds.ts";
import type { Experiment } from "../parity/experiment.ts";
import type { Json } from "../parity/json.ts";
import type { Rendering } from "../parity/rendering.ts";
import { OlympusStack } from "./olympus-stack.ts";

/** Everything an environment becomes, in memory: nothing is written. */
export function render(env: Environment): Rendering {
  const app = new App({ outdir: tmpdir() });
  return {
    name: env.name,
    vocabulary: {
      domain: env.domain,
      zone: env.zone.name,
      zoneId: env.zone.id,
      originCsr: env.originCsr,
      ...env.hosts,
    },
    document: {
      stack: new OlympusStack(app, env).toTerraform() as Json,
      env: environmentFile(env),
      units: extraUnits(env.extras),
    },
  };
}

/** The counterfactuals that tell why `mirror` differs from the fleet's reference. */
export function experiment({ base, reference }: Fleet, mirror: Declared): Experiment {
  const swap = (into: Declared, from: Declared, causes: readonly Cause[]): Rendering =>
    render(given(into, from, causes));
  const given = (into: Declared, from: Declared, causes: readonly Cause[]): Environment => {
    const overlay = Object.fromEntries(
      CAUSES.map((cause) => [
        cause,
        (causes.includes(cause) ? from : into).overlay[cause as keyof MirrorOverlay],
      ]),
    );
    const destroyable = (causes.includes("destroyable") ? from : into).environment.destroyable;
    return { ...compose(into.name, base, overlay as MirrorOverlay), destroyable };
  };
  return {
    reference: render(reference.environment),
    mirror: render(mirror.environment),
    mirrorAsReference: swap(mirror, reference, CAUSES),
    referenceAsMirror: swap(reference, mirror, CAUSES),
    swaps: Object.fromEntries(
      CAUSES.map((cause) => [
        cause,
        { intoReference: swap(reference, mirror, [cause]), outOfMirror: swap(mirror, reference, [cause]) },
      ]),
    ) as Experiment["swaps"],
  };
}
