import { Failure } from "../../lib/failure.ts";
import { type GoProgramName, PROGRAMS } from "../programs/programs.ts";
import { EDGE_DESCRIPTION } from "./edge-image.ts";
import type { ImageConfig } from "./oci.ts";

/** How an image is made here. */
export interface Recipe {
  /** Where the layers come from: one of our built programs, our stand-in applications, or Postgres. */
  readonly from: GoProgramName | "stand-ins" | "postgres";
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
  "quay.io/prometheus/prometheus": {
    from: "prometheus",
    path: "/bin/prometheus",
    config: { Entrypoint: ["/bin/prometheus"], User: "65534:65534", WorkingDir: "/prometheus" },
  },
  "quay.io/prometheus/alertmanager": {
    from: "alertmanager",
    path: "/bin/alertmanager",
    config: { Entrypoint: ["/bin/alertmanager"], User: "65534:65534", WorkingDir: "/alertmanager" },
  },
  "ghcr.io/olympusoss/hera": standIn("hera"),
  "ghcr.io/olympusoss/athena": standIn("athena"),
  "ghcr.io/olympusoss/site": standIn("site"),
  "docker.io/dpage/pgadmin4": standIn("pgadmin"),
};

/** Name without tag and digest; a port in the registry's name is not a tag. */
export const repositoryOf = (reference: string): string =>
  (reference.split("@")[0] ?? "")
    .replace(/:[^/:]*$/, "")
    .replace(/^docker\.io\/(?!.*\/)/, "docker.io/library/");

/** What the workflow that builds the edge's image appends to the name of the repository it runs in. */
const EDGE = "/edge";

/** `containerfile`: as host/edge says. Throws, naming what is known, for a repository that cannot be made here. */
export const recipeOf = (reference: string): Recipe | "containerfile" => {
  const repository = repositoryOf(reference);
  const recipe = RECIPES[repository];
  if (recipe) return recipe;
  if (repository.endsWith(EDGE)) return "containerfile";
  const known = [...Object.keys(RECIPES), `*${EDGE}`].join(", ");
  throw new Failure(
    `${reference} cannot be built here: add it to sandbox/images/image-recipes.ts. Known: ${known}`,
  );
};

/** What the image made for `reference` really holds, in words for `status`. */
export const describeStandIn = (reference: string): string => {
  const recipe = recipeOf(reference);
  if (recipe === "containerfile") return EDGE_DESCRIPTION;
  const { from } = recipe;
  if (from === "postgres") return "PostgreSQL 18 of Debian, with an entrypoint of our own";
  if (from === "stand-ins") return "a small program that makes the real Kratos and Hydra calls";
  return `${PROGRAMS[from].module} ${PROGRAMS[from].version}, built from source`;
};
