import type { DeclaredEnvironment, Fleet } from "../config/index.ts";
import { compose, type Environment } from "../config/load/environment.ts";
import type { MirrorOverlay } from "../config/load/schema.ts";
import { CAUSES, type Cause } from "../parity/bounds.ts";
import type { Experiment } from "../parity/experiment.ts";
import type { NamedRendering, Rendering } from "../parity/rendering.ts";
import { render } from "./rendering.ts";

/** The counterfactuals that tell why `mirror` differs from the fleet's reference. */
export function experiment(
  { base, reference, mirrors, requests }: Fleet,
  mirror: DeclaredEnvironment,
  rendered: (env: Environment) => Rendering = render,
): Experiment {
  const nameless = unusedName(JSON.stringify([base, reference, mirrors]));
  /** Without a name: all of `declared` but one key, which is another's. */
  const given = (declared: DeclaredEnvironment, swapped?: Cause, other = declared): Environment => {
    const owner = (cause: Cause): DeclaredEnvironment => (cause === swapped ? other : declared);
    const overlay = {
      domain: owner("domain").overlay.domain,
      hostType: owner("hostType").overlay.hostType,
      rateLimits: owner("rateLimits").overlay.rateLimits,
      extras: owner("extras").overlay.extras,
    };
    return {
      ...compose(nameless, base, overlay, requests),
      destroyable: owner("destroyable").environment.destroyable,
    };
  };
  const named = (declared: DeclaredEnvironment): NamedRendering => ({
    own: rendered(declared.environment),
    neutral: rendered(given(declared)),
  });
  const actual = { reference: named(reference), mirror: named(mirror) };
  const without = (cause: Cause): Rendering =>
    same(cause, reference, mirror) ? actual.mirror.neutral : rendered(given(mirror, cause, reference));
  return {
    ...actual,
    without: Object.fromEntries(CAUSES.map((cause) => [cause, without(cause)])) as Experiment["without"],
    endpoints: [reference, mirror].flatMap(({ overlay }) => Object.keys(overlay.rateLimits)),
  };
}

/** A name that stands in no text, so that wherever it stands it is the name. It has both forms: with a hyphen and without. */
function unusedName(texts: string): string {
  for (let i = 1; ; i++) {
    const name = i === 1 ? "any-environment" : `any-environment-${i}`;
    if (!texts.includes(name) && !texts.includes(name.replaceAll("-", "_"))) return name;
  }
}

const causeValue = (cause: Cause, { overlay, environment }: DeclaredEnvironment): unknown =>
  cause === "destroyable" ? environment.destroyable : (overlay as MirrorOverlay)[cause];
const same = (cause: Cause, a: DeclaredEnvironment, b: DeclaredEnvironment): boolean =>
  JSON.stringify(causeValue(cause, a)) === JSON.stringify(causeValue(cause, b));
