import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Environment } from "../../config/load/environment.ts";
import { imageReference, withoutDigest } from "../../host/images.ts";
import { type Progress, step } from "../../lib/progress.ts";
import { mirrorConfiguration, publishImages, startRegistry } from "../images/registry.ts";
import { podman } from "./engine.ts";
import type { LocalPaths } from "./paths.ts";
import { freePort } from "./ports.ts";

type Images = Environment["images"];
type Pin = Images["postgres"];

const REACH_LIMIT_MS = 3000;

/**
 * Brings every image into the stack's own storage under its public name: from its registry where that answers and has it,
 * otherwise built here and pulled from a registry of this machine, which runs only as long. Returns the pins as they are.
 */
export async function provideImages(places: LocalPaths, images: Images, progress: Progress): Promise<Images> {
  const pins = Object.entries(images) as [keyof Images, Pin][];
  const found = new Map<string, Pin>();
  for (const [name, pin] of pins) {
    const there = await firstThere(places, [pin, withoutDigest(pin)]);
    if (there) found.set(name, there);
  }
  const missing = pins.filter(([name]) => !found.has(name));
  const reached = await reachable(missing.map(([, pin]) => registryOf(pin)));
  for (const [name, pin] of missing.filter(([, pin]) => reached.has(registryOf(pin))))
    if (await pulled(places, imageReference(pin), progress)) found.set(name, pin);
  const toBuild = missing
    .filter(([name]) => !found.has(name))
    .map(([, pin]) => imageReference(withoutDigest(pin)));
  if (toBuild.length) await build(places, toBuild, progress);
  return Object.fromEntries(
    pins.map(([name, pin]) => [name, found.get(name) ?? withoutDigest(pin)]),
  ) as Images;
}

const registryOf = ({ name }: Pin): string => name.split("/")[0] ?? "";

async function firstThere(places: LocalPaths, pins: readonly Pin[]): Promise<Pin | undefined> {
  for (const pin of pins) {
    const { exitCode } = await podman(places, ["image", "exists", imageReference(pin)], { reject: false });
    if (exitCode === 0) return pin;
  }
  return undefined;
}

/** Registries that answer at all, asked once each. Docker Hub's interface has a name of its own. */
async function reachable(hosts: readonly string[]): Promise<ReadonlySet<string>> {
  const answers = [...new Set(hosts)].map(async (host) => {
    const address = host === "docker.io" ? "registry-1.docker.io" : host;
    try {
      await fetch(`https://${address}/v2/`, { signal: AbortSignal.timeout(REACH_LIMIT_MS) });
      return [host];
    } catch {
      return [];
    }
  });
  return new Set((await Promise.all(answers)).flat());
}

async function pulled(places: LocalPaths, image: string, progress: Progress): Promise<boolean> {
  const { exitCode, stderr } = await step(progress, `pull ${image}`, () =>
    podman(places, ["pull", "--quiet", image], { reject: false }),
  );
  if (exitCode !== 0) progress(`${image} cannot be pulled: built here instead. ${stderr.split("\n").at(-1)}`);
  return exitCode === 0;
}

async function build(places: LocalPaths, references: readonly string[], progress: Progress): Promise<void> {
  const endpoint = `127.0.0.1:${await freePort()}`;
  const registry = await startRegistry(endpoint, join(places.root, "registry.log"), progress);
  try {
    await publishImages(registry, references, progress);
    const mirrors = join(places.root, "registries.conf");
    await writeFile(mirrors, mirrorConfiguration(endpoint, references));
    const env = { CONTAINERS_REGISTRIES_CONF: mirrors };
    await step(progress, `pull ${references.length} images built here`, async () => {
      for (const image of references) await podman(places, ["pull", "--quiet", image], { env });
    });
  } finally {
    process.kill(registry.pid);
    // It answers until it is gone; another of the same address must not meet it.
    await sleep(50);
  }
}
