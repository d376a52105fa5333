import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { machine } from "../bundle/stack.ts";
import { at, configure, environment, locks, objects, run, runIn } from "./backup-fixture.ts";

const DAMAGED = "damaged";

/** Files of the store that hold data, the newest first. */
export const packs = (bucket: string): string[] =>
  readdirSync(join(objects(bucket), "data"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);

/** Points the environment at a copy of its store in which what the newest backup brought is not what it was. */
export const damaged = (how: "change" | "cut" | "remove") => (): void => {
  rmSync(objects(DAMAGED), { recursive: true, force: true });
  rmSync(at("data/backup/cache"), { recursive: true, force: true });
  cpSync(objects(), objects(DAMAGED), { recursive: true, preserveTimestamps: true });
  const pack = packs(DAMAGED).find((file) => statSync(file).size > 50_000);
  if (!pack) throw new Error("there is no pack of dumps");
  const bytes = readFileSync(pack);
  if (how === "remove") rmSync(pack);
  else if (how === "cut") truncateSync(pack, Math.floor(bytes.length / 2));
  else writeFileSync(pack, Buffer.concat([bytes.subarray(0, 40), Buffer.from("x"), bytes.subarray(41)]));
  configure({}, {}, DAMAGED);
};

/** Stores a backup whose contents were spoilt before restic saw them: the store itself is sound. */
export const storeByHand = (how: "cut" | "remove" | "recount" | "escape") => (): void => {
  const folder = at("by-hand");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  rmSync(objects(DAMAGED), { recursive: true, force: true });
  cpSync(objects(), objects(DAMAGED), { recursive: true });
  configure({}, {}, DAMAGED);
  run("olympus-restic", "restore", "latest", "--target", folder);
  const manifest = JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8"));
  if (how === "cut") truncateSync(join(folder, "ciam_kratos.dump"), 4000);
  if (how === "remove") rmSync(join(folder, "iam_hydra.dump"));
  if (how === "recount") manifest.databases.olympus.tables["public.ciam_settings"].rows += 1;
  if (how === "escape") manifest.files["../../config/secrets.env"] = "0".repeat(64);
  writeFileSync(join(folder, "manifest.json"), JSON.stringify(manifest));
  runIn(folder, "olympus-restic", "backup", ".");
};

/** What a `restic check` that was killed leaves in the store: the lock that lets nobody else in. */
export async function leaveLock(): Promise<void> {
  const [file = "", ...args] = machine.inside([at("release/bin/olympus-restic"), "check"]);
  const child = spawn(file, args, { env: environment(), stdio: "ignore" });
  const ended = once(child, "exit");
  while (locks().length === 0) {
    if (child.exitCode !== null) throw new Error("the check ended before it was seen to hold a lock");
    await sleep(5);
  }
  child.kill("SIGKILL");
  await ended;
}
