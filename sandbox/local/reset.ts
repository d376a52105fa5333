import { existsSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { execa } from "execa";
import { podman, prepareEngine } from "./engine.ts";
import { localPaths } from "./paths.ts";

/** Removes containers, networks, secrets, images and data of the local stack, and what podman has mounted for it. */
export async function resetLocal(): Promise<void> {
  const places = localPaths();
  if (!existsSync(places.podman)) return;
  await prepareEngine(places);
  await podman(places, ["rm", "--all", "--force", "--time", "0"], { reject: false });
  await podman(places, ["network", "prune", "--force"], { reject: false });
  const below = (await mountPoints()).filter((path) =>
    [places.root, places.runroot].some((folder) => path === folder || path.startsWith(`${folder}/`)),
  );
  // The deepest first.
  for (const path of below.sort((a, b) => b.length - a.length)) await execa("umount", [path]);
  await rm(places.runroot, { recursive: true, force: true });
  await rm(places.root, { recursive: true, force: true });
  const parent = dirname(places.runroot);
  if (existsSync(parent) && (await readdir(parent)).length === 0) await rm(parent, { recursive: true });
}

async function mountPoints(): Promise<string[]> {
  const { stdout } = await execa("findmnt", ["--list", "--noheadings", "--output", "TARGET"]);
  return stdout.split("\n");
}
