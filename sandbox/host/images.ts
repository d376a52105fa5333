import { chmod, copyFile, mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { ensureBaseLayer, packLayer } from "./base-layer.ts";
import { cached, recipeKey } from "./cache.ts";
import { ensureRootFileSystem } from "./debian.ts";
import { type ImageConfig, writeImage } from "./oci.ts";
import { compile, ensureProgram, PROGRAMS, type ProgramName } from "./programs.ts";
import { type Progress, step } from "./progress.ts";

/** Label of an image that is not what its name says; its value is what it really is. */
export const STAND_IN_LABEL = "olympus.stand-in";

const HERE = join("sandbox", "host");

interface Recipe {
  /** Where the layers come from: one of our built programs, our stand-in applications, or Postgres. */
  readonly from: ProgramName | "stand-ins" | "postgres";
  /** Path of the binary inside the image. */
  readonly path: string;
  readonly config: ImageConfig;
}

const standIn = (application: string): Recipe => ({
  from: "stand-ins",
  path: "/usr/bin/olympus-stand-in",
  config: { Entrypoint: ["olympus-stand-in"], Cmd: [application], User: "10000:10000" },
});

/** Repository (no tag) -> how its image is made here. Users and entrypoints are those of the real images. */
const RECIPES: Record<string, Recipe> = {
  "docker.io/library/postgres": {
    from: "postgres",
    path: "/usr/local/bin/docker-entrypoint.sh",
    config: {
      Entrypoint: ["docker-entrypoint.sh"],
      Cmd: ["postgres"],
      Env: ["PG_MAJOR=18", "PGDATA=/var/lib/postgresql/18/docker", "LANG=C.UTF-8"],
      ExposedPorts: { "5432/tcp": {} },
      Volumes: { "/var/lib/postgresql": {} },
      StopSignal: "SIGINT",
    },
  },
  "docker.io/oryd/kratos": {
    from: "kratos",
    path: "/usr/bin/kratos",
    config: { Entrypoint: ["kratos"], Cmd: ["serve"], User: "10000:10000" },
  },
  "docker.io/oryd/hydra": {
    from: "hydra",
    path: "/usr/bin/hydra",
    config: { Entrypoint: ["hydra"], Cmd: ["serve", "all"], User: "10000:10000" },
  },
  "ghcr.io/olympusoss/caddy": {
    from: "caddy",
    path: "/usr/bin/caddy",
    config: {
      Cmd: ["caddy", "run", "--config", "/etc/caddy/Caddyfile", "--adapter", "caddyfile"],
      Env: ["XDG_CONFIG_HOME=/config", "XDG_DATA_HOME=/data"],
      WorkingDir: "/srv",
    },
  },
  "docker.io/axllent/mailpit": {
    from: "mailpit",
    path: "/mailpit",
    config: { Entrypoint: ["/mailpit"], ExposedPorts: { "1025/tcp": {}, "8025/tcp": {} } },
  },
  "quay.io/prometheus/node-exporter": {
    from: "node_exporter",
    path: "/bin/node_exporter",
    config: { Entrypoint: ["/bin/node_exporter"], User: "65534:65534" },
  },
  "quay.io/prometheuscommunity/postgres-exporter": {
    from: "postgres_exporter",
    path: "/bin/postgres_exporter",
    config: { Entrypoint: ["/bin/postgres_exporter"], User: "65534:65534" },
  },
  "ghcr.io/olympusoss/hera": standIn("hera"),
  "ghcr.io/olympusoss/athena": standIn("athena"),
  "ghcr.io/olympusoss/site": standIn("site"),
  "docker.io/dpage/pgadmin4": standIn("pgadmin"),
};

const PATH = "PATH=/usr/lib/postgresql/18/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** Name without tag and digest; a port in the registry's name is not a tag. */
const repositoryOf = (reference: string): string =>
  (reference.split("@")[0] ?? "")
    .replace(/:[^/:]*$/, "")
    .replace(/^docker\.io\/(?!.*\/)/, "docker.io/library/");

const recipeOf = (reference: string): Recipe => {
  const recipe = RECIPES[repositoryOf(reference)];
  if (recipe) return recipe;
  const known = Object.keys(RECIPES).join(", ");
  throw new Error(`No way to build ${reference} here: add it to sandbox/host/images.ts. Known: ${known}`);
};

/** What the image made for `reference` really holds, in words for `status`. */
export const describeStandIn = (reference: string): string => {
  const { from } = recipeOf(reference);
  if (from === "postgres") return "PostgreSQL 18 of Debian, with an entrypoint of our own";
  if (from === "stand-ins") return "a small program that makes the real Kratos and Hydra calls";
  return `${PROGRAMS[from].module} ${PROGRAMS[from].version}, built from source`;
};

const sourceText = async (folder: string): Promise<string> => {
  const names = (await readdir(folder)).filter((name) => /\.(go|mod|sh)$/.test(name)).sort();
  return (await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")))).join("\n");
};

const standInProgram = async (progress: Progress): Promise<string> => {
  const source = join(HERE, "stand-ins");
  const key = `${process.arch}-${recipeKey(await sourceText(source))}`;
  const folder = await cached("stand-ins", key, (aside) =>
    step(progress, "build the stand-ins for Hera, Athena and the site", () =>
      compile(source, join(aside, "olympus-stand-in")),
    ),
  );
  return join(folder, "olympus-stand-in");
};

const binaryOf = ({ from }: Recipe, progress: Progress): Promise<string> => {
  if (from === "postgres") return Promise.resolve(join(HERE, "postgres", "entrypoint.sh"));
  return from === "stand-ins" ? standInProgram(progress) : ensureProgram(from, progress);
};

const programLayer = async (binary: string, path: string, folder: string): Promise<string> => {
  const root = join(folder, "root");
  const target = join(root, path);
  await mkdir(join(target, ".."), { recursive: true });
  await copyFile(binary, target);
  await chmod(target, 0o755);
  const tar = join(folder, "layer.tar");
  await packLayer(root, tar);
  return tar;
};

/**
 * Absolute path of the OCI layout for a public image reference, built from programs of this machine and
 * labelled with what it really is. Throws for a repository that has no recipe.
 */
export const ensureImage = async (reference: string, progress: Progress): Promise<string> => {
  const recipe = recipeOf(reference);
  const binary = await binaryOf(recipe, progress);
  const base = await (recipe.from === "postgres"
    ? ensureRootFileSystem("postgres-18", progress)
    : ensureBaseLayer(progress));
  const entrypoint = recipe.from === "postgres" ? await readFile(binary, "utf8") : binary;
  const repository = repositoryOf(reference);
  const key = `${repository.replaceAll("/", "_")}-${recipeKey([recipe, base, entrypoint])}`;
  const folder = await cached("images", key, async (aside) => {
    const layer = await programLayer(binary, recipe.path, join(aside));
    const { Env = [], ...config } = recipe.config;
    const Labels = { [STAND_IN_LABEL]: describeStandIn(reference) };
    await writeImage(join(aside, "layout"), [base, layer], { ...config, Env: [PATH, ...Env], Labels });
  });
  return join(folder, "layout");
};
