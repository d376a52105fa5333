import { requestDirectory } from "../lib/process-env.ts";
import { shipped } from "./environments.ts";
import { crossChecks } from "./load/checks.ts";
import { compose, type Environment } from "./load/environment.ts";
import { nameProblems, unusedOverlays } from "./load/environment-names.ts";
import { identityProblems } from "./load/identity-checks.ts";
import { imageLock, imageLockSchema, ownImages, withDigests } from "./load/image-lock.ts";
import { ConfigError, type Problem, parse } from "./load/problems.ts";
import {
  currentRunOverrides,
  type NamedOverlays,
  type RunOverrides,
  runProblems,
  withHostType,
} from "./load/run.ts";
import {
  type Base,
  baseSchema,
  type MirrorOverlay,
  mirrorOverlaySchema,
  overlaySchema,
} from "./load/schema.ts";
import type { ConfigSource } from "./load/source.ts";
import { unfinishedProblems } from "./load/unfinished.ts";

/** A declared environment: what was written of it, and a way to compose it as if something else had been. */
export interface DeclaredEnvironment {
  readonly name: string;
  readonly overlay: MirrorOverlay;
  readonly environment: Environment;
}

export interface Fleet {
  readonly base: Base;
  readonly reference: DeclaredEnvironment;
  readonly mirrors: readonly DeclaredEnvironment[];
  /** Folder of the certificate requests that it is composed with. */
  readonly requests: string;
}

/**
 * Checks everything and composes all environments. Throws one {@link ConfigError} with every problem. `run`: what holds for
 * one run; by default, what the process environment says.
 */
export function loadFleet(source: ConfigSource = shipped, run: RunOverrides = currentRunOverrides()): Fleet {
  const requests = source.requests ?? requestDirectory();
  const base = parse("config/base.ts", baseSchema, source.base);
  const lock = parse("config/images.lock.json", imageLockSchema, source.imageLock ?? imageLock());
  const [referenceName, referenceOverlay] = source.reference;
  const overlays = [
    [referenceName, parse(`config/${referenceName}.ts`, overlaySchema, referenceOverlay)] as const,
    ...source.mirrors.map(
      ([name, overlay]) => [name, parse(`config/${name}.ts`, mirrorOverlaySchema, overlay)] as const,
    ),
  ];
  const names = overlays.map(([name]) => name);
  const sound: NamedOverlays = overlays.flatMap(([name, part]) =>
    "data" in part ? [[name, part.data as MirrorOverlay] as const] : [],
  );
  const misnamed = nameProblems(names, "data" in base ? base.data.backup.bucketPrefix : undefined);
  const problems: Problem[] = [
    ...misnamed,
    ...(source === shipped ? [...unfinishedProblems(), ...unusedOverlays(names)] : []),
    ...[base, lock, ...overlays.map(([, part]) => part)].flatMap((part) =>
      "problems" in part ? part.problems : [],
    ),
    ...("data" in base && !misnamed.length ? identityProblems(base.data, names) : []),
    ...("data" in base ? crossChecks(base.data, sound, requests) : []),
    ...runProblems(run, names, sound),
  ];
  if (problems.length || !("data" in base && "data" in lock)) throw new ConfigError(problems);

  const { backup } = base.data;
  const whole = {
    ...base.data,
    images: withDigests(ownImages(base.data), lock.data),
    backup: { ...backup, endpoint: run.backupEndpoint?.value ?? backup.endpoint },
  };
  const [reference, ...mirrors] = withHostType(run, sound).map(([name, overlay]) => ({
    name,
    overlay,
    environment: Object.freeze({
      ...compose(name, whole, overlay, requests),
      destroyable: run.destroyable === name,
    }),
  }));
  if (!reference) throw new Error("a fleet needs a reference");
  return { base: whole, reference, mirrors, requests };
}
