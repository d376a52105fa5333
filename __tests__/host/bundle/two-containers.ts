import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { childEnvironment } from "../../../lib/process-env.ts";
import { FILES } from "./values.ts";

let folder: string;
export const inFolder = (...path: string[]): string => join(folder, ...path);
/** Their ids. */
export const OLD = "0ld000000000";
export const NEW = "4e4000000000";

/** A folder of its own, with a Caddy that runs. */
export const open = (): void => {
  folder = mkdtempSync(join(tmpdir(), "olympus-replace-"));
  for (const name of ["run/edge/upstreams", "run/revisions", "shims", "containers", "asked"])
    mkdirSync(inFolder(name), { recursive: true });
  copyFileSync(join(import.meta.dirname, "two-containers.sh"), inFolder("shims/podman"));
  for (const name of readdirSync(inFolder("shims"))) chmodSync(inFolder("shims", name), 0o755);
  container("olympus-caddy", "cadd1", "running");
};
export const close = (): void => rmSync(folder, { recursive: true });

export const container = (name: string, id: string, state: string, health = "well"): void =>
  writeFileSync(inFolder("containers", name), `${id} ${state} ${health}\n`);
export const pair = (service: string, states: readonly [was: string, is: string], health = "well"): void => {
  container(`olympus-${service}-old`, OLD, states[0]);
  container(`olympus-${service}`, NEW, states[1], health);
};
export const leads = (service: string): string =>
  readFileSync(inFolder("run/edge/upstreams", service), "utf8");
export const led = (service: string, to = service): void =>
  writeFileSync(inFolder("run/edge/upstreams", service), to);
/** Id of the one that has the service's name, and whether the other is gone. */
export const remaining = (service: string): [string, boolean] => [
  readFileSync(inFolder("containers", `olympus-${service}`), "utf8").split(" ")[0] ?? "",
  !readdirSync(inFolder("containers")).includes(`olympus-${service}-old`),
];
export const noted = (): string[] => readFileSync(inFolder("noted"), "utf8").trim().split("\n");

/** Runs words of shell with the libraries of a start; `service` is whom Caddy is watched for, `limit` what a container may take, in bytes. */
export async function runWith(service: string, words: string, limit = 0) {
  const libs = ["lib", "hold-lib", "replace-lib", "beside-lib", "migrate-lib"].map(
    (name) => `. ${join(FILES, "bin", `olympus-${name}`)}`,
  );
  return await execa("bash", ["-euo", "pipefail", "-c", [...libs, "revisions=", words].join("\n")], {
    env: childEnvironment({
      ...{ OLYMPUS_RUN: inFolder("run"), FOLDER: folder, SERVICE: service, LIMIT: String(limit) },
      PATH: `${inFolder("shims")}:/usr/sbin:/usr/bin:/sbin:/bin`,
    }),
    extendEnv: false,
    stdin: "ignore",
    reject: false,
  });
}
