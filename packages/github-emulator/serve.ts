import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RunningServer, serve } from "@olympus-infra/lib/http-service.ts";
import { type GithubEmulator, githubEmulator } from "./app.ts";
import type { GithubOptions } from "./options.ts";

/** An emulator that a `gh` of this computer takes for GitHub. */
export interface GithubService extends Pick<GithubEmulator, "world"> {
  /** Folder of a configuration of `gh`, for GH_CONFIG_DIR: it leads every request into the emulator's socket. */
  readonly configuration: string;
  close(): Promise<void>;
}

/** Serves an emulator on a socket, which nobody but the owner opens, and writes the configuration of `gh` beside it. */
export async function serveGithub(
  options: GithubOptions,
  folder = mkdtempSync(join(tmpdir(), "github-")),
): Promise<GithubService> {
  const { app, world } = githubEmulator(options);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const socket = join(folder, "github.sock");
  rmSync(socket, { force: true });
  const server: RunningServer = await serve(app, socket);
  writeFileSync(join(folder, "config.yml"), `http_unix_socket: ${socket}\n`);
  return {
    world,
    configuration: folder,
    async close() {
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
