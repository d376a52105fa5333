import { cp, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { cacheDirectory, childEnvironment } from "../../config/process-env.ts";
import { cached, recipeKey, withLock } from "./cache.ts";
import { type Progress, step } from "./progress.ts";

interface Program {
  /** Go module, and the version of it that the module proxy serves. */
  readonly module: string;
  readonly version: string;
  /** Package inside the module that holds `main`; unset means the module's root. */
  readonly main?: string;
  /** Variable that takes the version, so that `--version` answers it. */
  readonly versionVariable?: string;
  /** Module whose `replace` line points at a folder that the published module leaves out. */
  readonly dropReplace?: string;
  /** Build tags, comma between. */
  readonly tags?: string;
  /** Folder that the source embeds and the published module leaves out; made here with a word in it. */
  readonly emptyFolder?: string;
  /** Modules compiled into a small `main` of our own (the way of xcaddy), `path@version`. */
  readonly plugins?: readonly string[];
}

const PROMETHEUS = {
  module: "github.com/prometheus/prometheus",
  version: "v0.313.5",
  versionVariable: "github.com/prometheus/common/version.Version",
  tags: "remove_all_sd",
};
const ALERTMANAGER = {
  module: "github.com/prometheus/alertmanager",
  version: "v0.34.2",
  versionVariable: "github.com/prometheus/common/version.Version",
  emptyFolder: "ui/app/dist",
};

/**
 * Programs built from source because their image registries may be out of reach. Kratos and Hydra stop at
 * these versions: their v26 releases were never published as Go modules. Postgres is their only database
 * here, so the sqlite tag (and with it cgo) is left out.
 */
export const PROGRAMS = {
  kratos: {
    module: "github.com/ory/kratos",
    version: "v1.3.1",
    versionVariable: "github.com/ory/kratos/driver/config.Version",
  },
  hydra: {
    module: "github.com/ory/hydra/v2",
    version: "v2.3.0",
    versionVariable: "github.com/ory/hydra/v2/driver/config.Version",
    dropReplace: "github.com/ory/hydra-client-go/v2",
  },
  caddy: {
    module: "github.com/caddyserver/caddy/v2",
    version: "v2.11.9",
    plugins: ["github.com/mholt/caddy-ratelimit@v0.1.0"],
  },
  mailpit: {
    module: "github.com/axllent/mailpit",
    version: "v1.27.11",
    versionVariable: "github.com/axllent/mailpit/config.Version",
  },
  crane: {
    module: "github.com/google/go-containerregistry",
    version: "v0.22.1",
    main: "./cmd/crane",
    versionVariable: "github.com/google/go-containerregistry/cmd/crane/cmd.Version",
  },
  node_exporter: {
    module: "github.com/prometheus/node_exporter",
    version: "v1.9.1",
    versionVariable: "github.com/prometheus/common/version.Version",
  },
  postgres_exporter: {
    module: "github.com/prometheus-community/postgres_exporter",
    version: "v0.19.1",
    main: "./cmd/postgres_exporter",
    versionVariable: "github.com/prometheus/common/version.Version",
  },
  // The other ways of service discovery would triple size and time of the build; our targets are in a file.
  prometheus: { ...PROMETHEUS, main: "./cmd/prometheus" },
  promtool: { ...PROMETHEUS, main: "./cmd/promtool" },
  alertmanager: { ...ALERTMANAGER, main: "./cmd/alertmanager" },
  amtool: { ...ALERTMANAGER, main: "./cmd/amtool" },
  sops: { module: "github.com/getsops/sops/v3", version: "v3.13.3", main: "./cmd/sops" },
  age: { module: "filippo.io/age", version: "v1.3.2", main: "./cmd/age", versionVariable: "main.Version" },
  "age-keygen": {
    module: "filippo.io/age",
    version: "v1.3.2",
    main: "./cmd/age-keygen",
    versionVariable: "main.Version",
  },
  // An S3 server over a folder.
  versitygw: {
    module: "github.com/versity/versitygw",
    version: "v1.8.0",
    main: "./cmd/versitygw",
    versionVariable: "main.Version",
  },
  actionlint: { module: "github.com/rhysd/actionlint", version: "v1.7.12", main: "./cmd/actionlint" },
} as const satisfies Record<string, Program>;

export type ProgramName = keyof typeof PROGRAMS;

/** Static, no cgo; GOWORK off so that a workspace above the folder cannot interfere. */
const goEnvironment = childEnvironment({ CGO_ENABLED: "0", GOWORK: "off", GOFLAGS: "-buildvcs=false" });

/** Runs `go` in `folder`; on failure the error carries the compiler's own output. */
export const go = async (folder: string, ...args: string[]): Promise<string> =>
  (await execa("go", args, { cwd: folder, env: goEnvironment, extendEnv: false })).stdout;

const moduleSource = async (program: Program, folder: string): Promise<void> => {
  const answer = await go(folder, "mod", "download", "-json", `${program.module}@${program.version}`);
  const { Dir } = JSON.parse(answer) as { Dir: string };
  // The module cache is read-only; the build needs the module's own replace lines, so `go install` is no way.
  await cp(Dir, folder, { recursive: true });
  await execa("chmod", ["-R", "u+w", folder]);
  if (program.emptyFolder) {
    await mkdir(join(folder, program.emptyFolder), { recursive: true });
    await writeFile(
      join(folder, program.emptyFolder, "README"),
      "The web pages are not part of this build.\n",
    );
  }
  if (program.dropReplace) await go(folder, "mod", "edit", `-dropreplace=${program.dropReplace}`);
};

const ownMain = async (program: Program, folder: string): Promise<void> => {
  const plugins = program.plugins ?? [];
  const imports = plugins.map((plugin) => `\t_ "${plugin.split("@")[0]}"`).join("\n");
  const source = `package main

import (
\tcaddycmd "${program.module}/cmd"
\t_ "${program.module}/modules/standard"
${imports}
)

func main() { caddycmd.Main() }
`;
  await writeFile(join(folder, "main.go"), source);
  await go(folder, "mod", "init", "caddy");
  await go(folder, "get", `${program.module}@${program.version}`, ...plugins);
};

/** Static, stripped binary of package `main` in `folder`, written to `target`. */
export const compile = async (
  folder: string,
  target: string,
  {
    main = ".",
    ldflags = "",
    tags = "",
  }: { main?: string | undefined; ldflags?: string; tags?: string | undefined } = {},
): Promise<void> => {
  const flags = ["-mod=mod", "-trimpath", "-ldflags", `-s -w${ldflags}`, "-tags", tags];
  await go(folder, "build", ...flags, "-o", target, main);
};

const build = async (name: string, program: Program, folder: string): Promise<void> => {
  const source = join(folder, "source");
  await mkdir(source);
  await (program.plugins ? ownMain(program, source) : moduleSource(program, source));
  const version = program.versionVariable ? ` -X ${program.versionVariable}=${program.version}` : "";
  await compile(source, join(folder, name), { main: program.main, ldflags: version, tags: program.tags });
  await rm(source, { recursive: true, force: true });
};

/** One build at a time on this machine: two Go builds side by side are slower than one after the other. */
const oneAtATime = <T>(work: () => Promise<T>): Promise<T> =>
  withLock(join(cacheDirectory(), "programs", "build.lock"), work);

/**
 * Absolute path of a static binary, built from the Go module proxy on first use (10 s to 2 min each).
 * Throws when `go` is missing or the build fails, with the compiler's output.
 */
export const ensureProgram = async (name: ProgramName, progress: Progress): Promise<string> => {
  const program: Program = PROGRAMS[name];
  const key = `${name}-${program.version}-${process.arch}-${recipeKey(program)}`;
  const folder = await cached("programs", key, (aside) =>
    oneAtATime(() => step(progress, `build ${name} ${program.version}`, () => build(name, program, aside))),
  );
  return join(folder, name);
};
