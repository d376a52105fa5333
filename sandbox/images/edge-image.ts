import { chmod, mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { z } from "zod";
import { EDGE_FOLDER, edgeBuildArguments, edgeTag } from "../../host/edge-image.ts";
import { cached, recipeKey } from "../../lib/cache.ts";
import { go } from "../../lib/go-program.ts";
import { parsedJson } from "../../lib/json.ts";
import { childEnvironment } from "../../lib/process-env.ts";
import { type Progress, step } from "../../lib/progress.ts";
import { ensureTools } from "../programs/tools.ts";
import { ensureBaseLayer } from "./base-layer.ts";
import { architecture, STAND_IN_LABEL } from "./oci.ts";

/** What the sandbox's image really is, in words for `status`. */
export const EDGE_DESCRIPTION = `${EDGE_FOLDER}/Containerfile, on the sandbox's own base layer`;

/** The sandbox's place of the two base images. */
const BASES = {
  go: { name: "localhost/olympus-go", tag: "here" },
  system: { name: "localhost/olympus-base", tag: "here" },
};
const EDGE = "localhost/olympus-edge";

/** Of `go env`: where Go is and what it keeps, and the proxy that it asks. */
const GO_SETTINGS = ["GOROOT", "GOMODCACHE", "GOCACHE", "GOPROXY", "GOSUMDB"] as const;

/** A podman whose images nobody else sees. `runroot` may have 50 characters at most. */
const podmanIn = (storage: string, runroot: string) => (args: readonly string[]) =>
  execa("podman", ["--root", storage, "--runroot", runroot, "--storage-driver", "overlay", ...args], {
    env: childEnvironment(),
    extendEnv: false,
  });

/** Brings the sandbox's layer in as both base images, Go's with the Go of this machine. Returns what to mount for it. */
async function bringBases(podman: ReturnType<typeof podmanIn>, layer: string): Promise<string[]> {
  const values = (await go(".", "env", ...GO_SETTINGS)).split("\n");
  const settings = GO_SETTINGS.map((name, i) => [name, values[i] ?? ""] as const);
  const path = `${values[0]}/bin:/usr/bin:/bin`;
  const variables = [["PATH", path] as const, ["GOTOOLCHAIN", "local"] as const, ...settings];
  const imported = (
    base: { name: string; tag: string },
    environment: readonly (readonly [string, string])[],
  ) =>
    podman([
      ...[
        "import",
        "--quiet",
        ...environment.flatMap(([name, value]) => ["--change", `ENV ${name}=${value}`]),
      ],
      ...[layer, `${base.name}:${base.tag}`],
    ]);
  await imported(BASES.go, variables);
  await imported(BASES.system, [["PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]]);
  const [root, ...caches] = values.slice(0, 3);
  for (const cache of caches) await mkdir(cache, { recursive: true });
  return [`${root}:${root}:ro`, ...caches.map((cache) => `${cache}:${cache}`)].flatMap((at) => [
    "--volume",
    at,
  ]);
}

/**
 * Absolute path of the OCI layout of the edge's image, built from its Containerfile on first use (2 min) with the Go of this
 * machine, on the sandbox's own layer. Throws with podman's output when the build fails.
 */
export async function ensureEdgeImage(progress: Progress): Promise<string> {
  const layer = await ensureBaseLayer(progress);
  const label = `${STAND_IN_LABEL}=${EDGE_DESCRIPTION}`;
  const key = `edge-${process.arch}-${recipeKey([edgeTag(BASES), layer, label])}`;
  // Beside the programs, which a continuous integration keeps.
  const folder = await cached("programs", key, async (aside) => {
    await ensureTools(["podman"], progress);
    const storage = join(aside, "podman");
    const runroot = await mkdtemp(join(tmpdir(), "olympus-"));
    const podman = podmanIn(storage, runroot);
    try {
      await step(progress, `build ${EDGE_FOLDER}/Containerfile`, async () => {
        const mounts = await bringBases(podman, layer);
        const [go, system] = [BASES.go, BASES.system].map(({ name, tag }) => `${name}:${tag}`) as [
          string,
          string,
        ];
        const build = edgeBuildArguments({ go, system, architectures: [architecture()] });
        await podman([...build, ...mounts, "--label", label, "--tag", EDGE, EDGE_FOLDER]);
        await podman(["push", "--quiet", EDGE, `oci:${join(aside, "layout")}`]);
      });
    } finally {
      // Only podman may take its layers away.
      await podman(["rmi", "--all", "--force"]).catch(() => {});
      for (const scratch of [storage, runroot]) await rm(scratch, { recursive: true, force: true });
    }
  });
  return join(folder, "layout");
}

const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);
const index = z.object({ manifests: z.tuple([z.object({ digest })]) });
const manifest = z.object({ layers: z.array(z.object({ digest })) });

/** Absolute path of the Caddy that is in {@link ensureEdgeImage}, taken out of it on first use. */
export async function ensureEdgeProgram(progress: Progress): Promise<string> {
  const layout = await ensureEdgeImage(progress);
  const blob = (name: string): string => join(layout, "blobs", "sha256", name.replace("sha256:", ""));
  const read = async (file: string): Promise<unknown> => parsedJson(await readFile(file, "utf8"));
  const folder = await cached("programs", `caddy-${recipeKey(layout)}`, async (aside) => {
    const [image] = index.parse(await read(join(layout, "index.json"))).manifests;
    // Only one of the layers holds it.
    for (const layer of manifest.parse(await read(blob(image.digest))).layers)
      await execa("tar", ["-xf", blob(layer.digest), "--strip-components=2", "-C", aside, "usr/bin/caddy"], {
        reject: false,
      });
    await chmod(join(aside, "caddy"), 0o755);
  });
  return join(folder, "caddy");
}
