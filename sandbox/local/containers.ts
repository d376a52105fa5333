import { existsSync } from "node:fs";
import { execa } from "execa";
import { z } from "zod";
import { STAND_IN_LABEL } from "../images/oci.ts";
import { podman } from "./engine.ts";
import type { LocalPaths } from "./paths.ts";
import { currentRelease } from "./release.ts";

/** One service of the stack, as it is now. */
export interface ServiceState {
  readonly name: string;
  /** As podman names it; `missing` where there is no container. */
  readonly state: string;
  /** Answer of the container's own check, asked just now. */
  readonly healthy: boolean;
  readonly image: string;
  /** What the image really is, where it is not what its name says. */
  readonly standIn?: string | undefined;
}

const listed = z.array(
  z.object({
    Names: z.array(z.string()),
    State: z.string(),
    Image: z.string(),
    ImageID: z.string(),
  }),
);
const inspected = z.array(
  z.object({
    Id: z.string(),
    Labels: z.record(z.string(), z.string()).nullish(),
  }),
);

/** There are services, and each runs and answers its own check. */
export const areHealthy = (found: readonly ServiceState[]): boolean =>
  found.length > 0 && found.every(({ healthy }) => healthy);

/** Every service that this environment has, in the order of the start; none when no stack was ever made. */
export async function services(places: LocalPaths): Promise<ServiceState[]> {
  const release = await currentRelease(places);
  if (!release || !existsSync(release)) return [];
  const [names, containers] = await Promise.all([namesOf(places, release), containersOf(places)]);
  const ids = [...new Set(containers.map(({ ImageID }) => ImageID))];
  const labels = await labelsOf(places, ids);
  return Promise.all(
    names.map(async (name): Promise<ServiceState> => {
      const container = containers.find(({ Names }) => Names.includes(`olympus-${name}`));
      if (!container) return { name, state: "missing", healthy: false, image: "" };
      const { State, Image, ImageID } = container;
      const healthy = State === "running" && (await isHealthy(places, name));
      return { name, state: State, healthy, image: Image, standIn: labels.get(ImageID)?.[STAND_IN_LABEL] };
    }),
  );
}

/** Names a release's services, a line each. */
const LIST = '. "$1/bin/olympus-lib"; services';

/** As the bundle's own scripts know them. */
async function namesOf({ config }: LocalPaths, release: string): Promise<string[]> {
  const { stdout } = await execa("bash", ["-euc", LIST, "-", release], {
    env: { OLYMPUS_CONFIG: config },
  });
  return stdout.split("\n").filter(Boolean);
}

async function containersOf(places: LocalPaths): Promise<z.infer<typeof listed>> {
  const filter = "label=io.podman.compose.project=olympus";
  const { stdout } = await podman(places, ["ps", "--all", "--filter", filter, "--format", "json"]);
  return listed.parse(JSON.parse(stdout || "[]"));
}

async function labelsOf(places: LocalPaths, ids: readonly string[]) {
  if (!ids.length) return new Map<string, Record<string, string>>();
  const { stdout } = await podman(places, ["image", "inspect", ...ids]);
  return new Map(inspected.parse(JSON.parse(stdout)).map(({ Id, Labels }) => [Id, Labels ?? {}]));
}

const isHealthy = async (places: LocalPaths, name: string): Promise<boolean> =>
  (await podman(places, ["healthcheck", "run", `olympus-${name}`], { reject: false })).exitCode === 0;

/** Every path of this machine that a container of the stack, running or not, has mounted. */
export async function mountSources(places: LocalPaths): Promise<string[]> {
  const { stdout: ids } = await podman(places, ["ps", "--all", "--quiet"]);
  if (!ids) return [];
  const format = "{{range .Mounts}}{{println .Source}}{{end}}";
  const { stdout } = await podman(places, ["inspect", "--format", format, ...ids.split("\n")]);
  return stdout.split("\n").filter(Boolean);
}
