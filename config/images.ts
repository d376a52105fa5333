import type { Base } from "./load/schema.ts";

/**
 * What both environments run: the one place to change a version. Digests stand in images.lock.json, where
 * `./olympus images lock` copies them from the registries; with one, the tag is only a name for people.
 */
export const images: Base["images"] = {
  postgres: { name: "docker.io/library/postgres", tag: "18-alpine", architectures: ["arm64", "amd64"] },
  kratos: { name: "docker.io/oryd/kratos", tag: "v26.2.0", architectures: ["arm64", "amd64"] },
  hydra: { name: "docker.io/oryd/hydra", tag: "v26.2.0", architectures: ["arm64", "amd64"] },
  // Carries the rate-limit module. This is the last commit of April 2026 that built it, for amd64 alone; builds from May
  // on are for both: pin one of those by digest before the first deploy to an ARM server.
  caddy: {
    name: "ghcr.io/olympusoss/caddy",
    tag: "sha-02a312e386fe3d781a50271f2ac6a4a66fbe4ab2",
    architectures: ["arm64", "amd64"],
  },
  // The versions that the applications' repositories carried in February, April and May 2026.
  hera: { name: "ghcr.io/olympusoss/hera", tag: "v1.0.0", architectures: ["arm64", "amd64"] },
  athena: { name: "ghcr.io/olympusoss/athena", tag: "v1.1.4", architectures: ["arm64", "amd64"] },
  site: { name: "ghcr.io/olympusoss/site", tag: "v1.1.13", architectures: ["arm64", "amd64"] },
  pgadmin: { name: "docker.io/dpage/pgadmin4", tag: "9.14.0", architectures: ["arm64", "amd64"] },
  mailpit: { name: "docker.io/axllent/mailpit", tag: "v1.27.11", architectures: ["arm64", "amd64"] },
  postgresExporter: {
    name: "quay.io/prometheuscommunity/postgres-exporter",
    tag: "v0.19.1",
    architectures: ["arm64", "amd64"],
  },
  nodeExporter: {
    name: "quay.io/prometheus/node-exporter",
    tag: "v1.9.1",
    architectures: ["arm64", "amd64"],
  },
  prometheus: { name: "quay.io/prometheus/prometheus", tag: "v3.13.5", architectures: ["arm64", "amd64"] },
  alertmanager: {
    name: "quay.io/prometheus/alertmanager",
    tag: "v0.34.2",
    architectures: ["arm64", "amd64"],
  },
};
