import { tmpdir } from "node:os";
import { App, type TerraformStack } from "cdktf";
import { invokeAspects } from "cdktf/lib/synthesize/synthesizer.js";
import type { Environment } from "../config/load/environment.ts";
import { zoneIdentifier, zoneStackName } from "../config/load/names.ts";
import { mailDomain } from "../config/load/zone-records.ts";
import { fingerprintOf } from "../constructs/ssh-keys.ts";
import { releaseParts } from "../host/release-parts.ts";
import type { Json } from "../parity/json.ts";
import type { Rendering } from "../parity/rendering.ts";
import { OlympusStack } from "./olympus-stack.ts";
import { withoutStackTraces } from "./stack-traces.ts";
import { ZoneStack } from "./zone-stack.ts";

/** What is rendered of an environment. */
export interface EnvironmentDocument {
  /** Its own stack, as Terraform's JSON. */
  readonly stack: Json;
  /** The stack of its zone, were it alone there. */
  readonly zone: Json;
  /** Plain values of its machine. */
  readonly env: Readonly<Record<string, string>>;
  /** systemd units that only it has. */
  readonly units: Readonly<Record<string, string>>;
  /** Files of a release by path, each with its mode. */
  readonly bundle: Readonly<Record<string, { readonly mode: string; readonly content: string }>>;
}

export interface EnvironmentRendering extends Rendering {
  readonly document: EnvironmentDocument & { readonly [key: string]: Json };
}

/** Everything an environment becomes, in memory: nothing is written. `stack`: its document, where that is there already. */
export function render(env: Environment, stateDirectory?: string, stack?: Json): EnvironmentRendering {
  const { bundle, values, units } = releaseParts(env);
  return {
    name: env.name,
    identity: {
      deployKey: env.deployKey,
      deployKeyFingerprint: fingerprintOf(env.deployKey),
      firstAdministrator: env.firstAdministrator,
    },
    vocabulary: {
      domain: env.domain,
      zone: env.zone.name,
      mailDomain: mailDomain(env.zone.name, env.dns),
      zoneId: env.zone.id,
      zoneStack: zoneStackName(env.zone.name),
      zoneIdentifier: zoneIdentifier(env.zone.name),
      originCsr: env.originCsr,
      ...env.hosts,
    },
    document: {
      stack: stack ?? resolved((app) => new OlympusStack(app, env, stateDirectory)),
      zone: renderZone([env], stateDirectory),
      env: values,
      units,
      bundle: Object.fromEntries(
        bundle.map(({ path, content, mode }) => [path, { mode: mode.toString(8), content }]),
      ),
    },
  };
}

/** A zone's stack, composed of what its environments need. */
export const renderZone = (
  sharers: readonly [Environment, ...Environment[]],
  stateDirectory?: string,
): Json => resolved((app) => new ZoneStack(app, sharers, stateDirectory));

// The folder is never written to: only app.synth() writes, and nobody calls it.
const resolved = (declare: (app: App) => TerraformStack): Json =>
  withoutStackTraces(() => finished(declare(new App({ outdir: tmpdir() }))));

/** A stack's document as cdktf writes it: its aspects have visited it. */
export function finished(stack: TerraformStack): Json {
  invokeAspects(stack);
  return stack.toTerraform() as Json;
}
