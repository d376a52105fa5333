import type { DeclaredEnvironment, Fleet } from "../config/index.ts";
import { compose, type Environment } from "../config/load/environment.ts";
import type { EnvironmentIdentity, MirrorOverlay } from "../config/load/schema.ts";
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
  const { name: nameless, identity } = neutralIdentity(JSON.stringify([base, reference, mirrors]));
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
      ...compose(nameless, base, overlay, requests, identity),
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

/** A name (it has two forms, with hyphens and without) and what goes with it that stand in no text: wherever they stand, they are the identity. */
function neutralIdentity(texts: string): { name: string; identity: EnvironmentIdentity } {
  for (let i = 1; ; i++) {
    const name = i === 1 ? "any-environment" : `any-environment-${i}`;
    const identity = {
      deployKey: `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${String(i).padStart(43, "0")}`,
      firstAdministrator: `any-administrator-${i}@example.invalid`,
    };
    const all = [name, name.replaceAll("-", "_"), ...Object.values(identity)];
    if (!all.some((text) => texts.includes(text))) return { name, identity };
  }
}

const causeValue = (cause: Cause, { overlay, environment }: DeclaredEnvironment): unknown =>
  cause === "destroyable" ? environment.destroyable : (overlay as MirrorOverlay)[cause];
const same = (cause: Cause, a: DeclaredEnvironment, b: DeclaredEnvironment): boolean =>
  JSON.stringify(causeValue(cause, a)) === JSON.stringify(causeValue(cause, b));
