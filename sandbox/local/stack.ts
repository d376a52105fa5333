import { createHash } from "node:crypto";
import { mkdir, readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { loadFleet } from "../../config/index.ts";
import { bundle } from "../../host/bundle.ts";
import { valueFile } from "../../host/values.ts";
import { withLock } from "../../lib/cache.ts";
import { Failure } from "../../lib/failure.ts";
import { MACHINE_NEEDS } from "../../lib/machine-needs.ts";
import { type Progress, step } from "../../lib/progress.ts";
import { ensureTools, requireRoot } from "../programs/tools.ts";
import { ensurePodmanCompose } from "./compose-program.ts";
import { areHealthy, mountSources, type ServiceState, services } from "./containers.ts";
import { engineFacts, pathBefore, podman, prepareEngine } from "./engine.ts";
import { localEnvironment, localValues, type Ports } from "./environment.ts";
import { writeIfChanged } from "./files.ts";
import { provideImages } from "./images.ts";
import { type LocalPaths, localPaths } from "./paths.ts";
import { choosePorts, keptPorts, requireFree } from "./ports.ts";
import { currentRelease, makeCurrent, removeOthers, writeRelease } from "./release.ts";
import { portVariables, runReleaseScript } from "./script.ts";
import { localSecrets, writeSecrets } from "./secret-values.ts";

/** The bundle of this checkout, on this machine, as it is now. */
export interface LocalStack {
  readonly places: LocalPaths;
  /** Its hosts by service, with their port where that is not 443. */
  readonly hosts: Readonly<Record<string, string>>;
  readonly administrator: string;
  readonly services: readonly ServiceState[];
}

/**
 * Starts the local stack, or brings it to what this checkout says. Changes nothing where that is so already. Needs root:
 * the files belong to the users of the official images. Throws with the last words of the service that is not healthy.
 */
export const upLocal = (progress: Progress): Promise<LocalStack> => {
  requireRoot("The local stack");
  const places = localPaths();
  return withLock(join(dirname(places.root), "local.lock"), () => start(places, progress));
};

async function start(places: LocalPaths, progress: Progress): Promise<LocalStack> {
  const { oldCgroups } = await engineFacts();
  await ensureTools([...MACHINE_NEEDS.local.tools, ...(oldCgroups ? (["runc"] as const) : [])], progress);
  const composeFolder = await ensurePodmanCompose(progress);
  await prepareEngine(places);
  const before = await services(places);
  const isRunning = before.some(({ state }) => state === "running");
  const ports = (isRunning && keptPorts(places)) || (await choosePorts(places));
  const mirror = localEnvironment(firstMirror(), ports);
  const env = { ...mirror, images: await provideImages(places, mirror.images, progress) };

  const release = await writeRelease(places, env);
  const values = valueFile(localValues(env));
  const secrets = await localSecrets(places, hostNames(env.hosts));
  const wanted = createHash("sha256")
    .update(JSON.stringify([release, values, secrets]))
    .digest("hex");
  if (areHealthy(before) && wanted === (await readFile(started(places), "utf8").catch(() => ""))) {
    progress("the local stack is up to date with this checkout");
    return stackOf(places, ports, before);
  }
  if (!isRunning) await requireFree(bundle(env));
  await rm(started(places), { force: true });
  await writeIfChanged(join(places.config, "olympus.env"), values);
  await writeSecrets(places, secrets);
  await mkdir(places.data, { recursive: true });
  await makeCurrent(places, release);
  await step(progress, "start the local stack", () =>
    runReleaseScript(
      places,
      release,
      "olympus-start",
      { ...portVariables(ports), PATH: pathBefore(composeFolder) },
      progress,
    ),
  );
  await removeOthers(places, release, await mountSources(places));
  await writeIfChanged(started(places), wanted, 0o600);
  return stackOf(places, ports, await services(places));
}

/** Digest of everything that the last start which succeeded was made of. */
const started = ({ root }: LocalPaths): string => join(root, "started");

const hostNames = (hosts: Readonly<Record<string, string>>): string[] =>
  Object.values(hosts).map((host) => host.replace(/:\d+$/, ""));

/** The environment that the local stack is like: the first mirror, whose mail goes nowhere. */
function firstMirror() {
  const [mirror] = loadFleet().mirrors;
  if (!mirror) throw new Failure("config/ declares no mirror to make a local stack of.");
  return mirror.environment;
}

/** What there is of a local stack; undefined where none was made. */
export async function localStack(): Promise<LocalStack | undefined> {
  const places = localPaths();
  const ports = keptPorts(places);
  if (!ports || !(await currentRelease(places))) return undefined;
  return stackOf(places, ports, await services(places));
}

function stackOf(places: LocalPaths, ports: Ports, found: readonly ServiceState[]): LocalStack {
  const { hosts, firstAdministrator } = localEnvironment(firstMirror(), ports);
  return { places, hosts, administrator: firstAdministrator, services: found };
}

/** Stops the containers in order and keeps everything. Says whether any ran. */
export async function downLocal(progress: Progress): Promise<boolean> {
  const places = localPaths();
  const release = await currentRelease(places);
  if (!release) return false;
  const { stdout } = await podman(places, ["ps", "--quiet"]);
  if (!stdout) return false;
  await step(progress, "stop the local stack", () =>
    runReleaseScript(places, release, "olympus-stop", {}, progress),
  );
  return true;
}
