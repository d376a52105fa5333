import { tmpdir } from "node:os";
import { App, type TerraformStack } from "cdktf";
import { cloudflareRanges } from "../config/cloudflare-ranges.ts";
import type { DeclaredEnvironment, Fleet } from "../config/index.ts";
import { compose, type Environment } from "../config/load/environment.ts";
import { zoneStackName } from "../config/load/names.ts";
import type { MirrorOverlay } from "../config/load/schema.ts";
import { bundle } from "../host/bundle.ts";
import { environmentFile } from "../host/environment-file.ts";
import { environmentKeys } from "../host/environment-keys.ts";
import { extraUnits } from "../host/extra-units.ts";
import { imageReference } from "../host/images.ts";
import { CAUSES, type Cause } from "../parity/bounds.ts";
import type { Experiment } from "../parity/experiment.ts";
import type { Json } from "../parity/json.ts";
import type { Rendering } from "../parity/rendering.ts";
import type { Subject } from "../policy/rule.ts";
import { OlympusStack } from "./olympus-stack.ts";
import { withoutStackTraces } from "./stack-traces.ts";
import { ZoneStack } from "./zone-stack.ts";

/** Everything an environment becomes, in memory: nothing is written. */
export const render = (env: Environment): Rendering => ({
  name: env.name,
  vocabulary: {
    domain: env.domain,
    zone: env.zone.name,
    zoneId: env.zone.id,
    originCsr: env.originCsr,
    ...env.hosts,
  },
  document: {
    stack: resolved((app) => new OlympusStack(app, env)),
    env: environmentFile(env),
    units: extraUnits(env.extras),
  },
  bundle: Object.fromEntries(bundle(env).map(({ path, content }) => [path, content])),
});

/** What was rendered of an environment, as the rules see it. */
export const subjectOf = (env: Environment, { document }: Rendering): Subject => ({
  stack: env.name,
  document: (document as { stack: Json }).stack,
  env: environmentFile(env),
  envKeys: environmentKeys(),
  images: Object.fromEntries(
    Object.entries(env.images).map(([key, image]) => [
      key,
      { reference: imageReference(image), architectures: image.architectures },
    ]),
  ),
  plan: env.cloudflarePlan,
  zone: env.zone.name,
  destroyable: env.destroyable,
  edgeRanges: [...cloudflareRanges.ipv4, ...cloudflareRanges.ipv6],
});

/** A zone's stack as the rules see it. */
export const zoneSubject = (sharers: readonly [Environment, ...Environment[]]): Subject => {
  const document = resolved((app) => new ZoneStack(app, sharers));
  return {
    stack: zoneStackName(sharers[0].zone.name),
    zone: sharers[0].zone.name,
    document,
    plan: sharers[0].cloudflarePlan,
  };
};

// The folder is never written to: only app.synth() writes, and nobody calls it.
const resolved = (declare: (app: App) => TerraformStack): Json =>
  withoutStackTraces(() => declare(new App({ outdir: tmpdir() })).toTerraform() as Json);

/** The counterfactuals that tell why `mirror` differs from the fleet's reference. */
export function experiment(
  { base, reference }: Fleet,
  mirror: DeclaredEnvironment,
  rendered: (env: Environment) => Rendering = render,
): Experiment {
  const actual = { reference: rendered(reference.environment), mirror: rendered(mirror.environment) };
  const given = (
    into: DeclaredEnvironment,
    from: DeclaredEnvironment,
    causes: readonly Cause[],
  ): Environment => {
    const owner = (cause: Cause): DeclaredEnvironment => (causes.includes(cause) ? from : into);
    const overlay = {
      domain: owner("domain"),
      hostType: owner("hostType"),
      rateLimits: owner("rateLimits"),
      extras: owner("extras"),
    };
    const values = Object.fromEntries(
      Object.entries(overlay).map(([key, { overlay }]) => [key, overlay[key as keyof MirrorOverlay]]),
    );
    return {
      ...compose(into.name, base, values as MirrorOverlay),
      destroyable: owner("destroyable").environment.destroyable,
    };
  };
  const swapped = (cause: Cause) =>
    same(cause, reference, mirror)
      ? { intoReference: actual.reference, outOfMirror: actual.mirror }
      : {
          intoReference: render(given(reference, mirror, [cause])),
          outOfMirror: render(given(mirror, reference, [cause])),
        };
  return {
    ...actual,
    mirrorAsReference: render(given(mirror, reference, CAUSES)),
    referenceAsMirror: render(given(reference, mirror, CAUSES)),
    swaps: Object.fromEntries(CAUSES.map((cause) => [cause, swapped(cause)])) as Experiment["swaps"],
  };
}

const causeValue = (cause: Cause, { overlay, environment }: DeclaredEnvironment): unknown =>
  cause === "destroyable" ? environment.destroyable : overlay[cause];
const same = (cause: Cause, a: DeclaredEnvironment, b: DeclaredEnvironment): boolean =>
  JSON.stringify(causeValue(cause, a)) === JSON.stringify(causeValue(cause, b));
