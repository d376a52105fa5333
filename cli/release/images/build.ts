import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { edgeBases } from "../../../config/images.ts";
import { loadFleet } from "../../../config/index.ts";
import { type ImageLock, imageLock, imageLockSchema, lockKey } from "../../../config/load/image-lock.ts";
import { EDGE_FOLDER, edgeBuildArguments, edgeTag } from "../../../host/edge-image.ts";
import { imageReference } from "../../../host/images.ts";
import { Failure } from "../../../lib/failure.ts";
import { childEnvironment, namedVariable } from "../../../lib/process-env.ts";

/** Processors that Hetzner's server types have. */
const ARCHITECTURES = ["amd64", "arm64"];

interface Options {
  /** Send it to its registry; REGISTRY_USER and REGISTRY_TOKEN log in there. */
  readonly push?: boolean;
}

/**
 * Builds the edge's image for every processor, under the name that config/images.ts pins. Throws a {@link Failure} when the
 * pinned tag is not that of what lies in host/edge, before anything is built.
 */
export async function buildEdge({ push }: Options): Promise<void> {
  const { caddy } = loadFleet().base.images;
  const tag = edgeTag(edgeBases);
  if (caddy.tag !== tag)
    throw new Failure(
      `config/images.ts pins ${caddy.name}:${caddy.tag}, and ${EDGE_FOLDER} is now ${tag}: write that tag, then build`,
    );
  const image = `${caddy.name}:${tag}`;
  const lock = imageLockSchema.parse(imageLock());
  const { go, system } = edgeBases;
  const bases = { go: baseReference(go, lock), system: baseReference(system, lock) };
  const build = edgeBuildArguments({ ...bases, architectures: ARCHITECTURES });
  // A list of another build would be added to.
  await execa("podman", ["manifest", "rm", image], {
    env: childEnvironment(),
    extendEnv: false,
    reject: false,
  });
  await podman([...build, "--manifest", image, EDGE_FOLDER], {});
  console.log(`${image} is built for ${ARCHITECTURES.join(" and ")}, on ${bases.system} by ${bases.go}.`);
  if (!push) return;
  await withCredentials(image, (env) =>
    podman(["manifest", "push", "--all", image, `docker://${image}`], env),
  );
  console.log("It is pushed: ./olympus images lock reads its digest.");
}

/** By its digest where it is locked: the tag of a base moves with every one of its updates. */
const baseReference = (base: { readonly name: string; readonly tag: string }, lock: ImageLock): string =>
  imageReference({ ...base, digest: lock[lockKey(base)]?.digest });

async function podman(args: readonly string[], env: Record<string, string>): Promise<void> {
  const { exitCode } = await execa("podman", args, {
    env: childEnvironment(env),
    extendEnv: false,
    reject: false,
    stdout: "inherit",
    stderr: "inherit",
  });
  if (exitCode !== 0) throw new Failure(`podman ${args[0]} ended with ${exitCode}; its words are above.`);
}

/** A file with the login, for one command: neither its arguments nor the home of whoever runs it ever hold it. */
async function withCredentials(image: string, work: (env: Record<string, string>) => Promise<void>) {
  const [user, secret] = [namedVariable("REGISTRY_USER"), namedVariable("REGISTRY_TOKEN")];
  if (!user || !secret) return work({});
  const folder = mkdtempSync(join(tmpdir(), "olympus-registry-"));
  const file = join(folder, "auth.json");
  try {
    const auth = Buffer.from(`${user}:${secret}`).toString("base64");
    writeFileSync(file, JSON.stringify({ auths: { [image.split("/")[0] ?? ""]: { auth } } }), {
      mode: 0o600,
    });
    await work({ REGISTRY_AUTH_FILE: file });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
