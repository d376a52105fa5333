import type { Base } from "./load/schema.ts";

/**
 * What both environments run: the one place to change a version. Digests, and the processors that a manifest names, stand in
 * images.lock.json, where `./olympus images lock` copies them from the registries; with one, the tag is only a name for people.
 *
 * Looked at together on 2026-11-29: Hera, Athena and the site as their repositories carried them in February, April and May
 * 2026, on Kratos and Hydra of February; the edge as host/edge builds it.
 */
export const images: Base["images"] = {
  postgres: { name: "docker.io/library/postgres", tag: "18-alpine" },
  // sharesTablesWith: versions that go on serving while their tables become those of this one; with any other everybody waits
  // (docs/runbooks/ory-upgrade.md). Not v25.4.0, the one before: v26.2.0 makes identity_id of session_devices NOT NULL
  // (persistence/sql/migrations/sql/20251105000000000003), which earlier ones do not write: nobody could log in.
  kratos: { name: "docker.io/oryd/kratos", tag: "v26.2.0", sharesTablesWith: [] },
  hydra: { name: "docker.io/oryd/hydra", tag: "v26.2.0", sharesTablesWith: [] },
  // Our own, of host/edge, below the name of `repository` in base.ts: docs/runbooks/images.md. A test says which tag it is.
  caddy: { name: "ghcr.io/{repository}/edge", tag: "v2.11.9-6b5234ba" },
  hera: { name: "ghcr.io/olympusoss/hera", tag: "v1.0.0" },
  athena: { name: "ghcr.io/olympusoss/athena", tag: "v1.1.4" },
  site: { name: "ghcr.io/olympusoss/site", tag: "v1.1.13" },
  pgadmin: { name: "docker.io/dpage/pgadmin4", tag: "9.18.0" },
  mailpit: { name: "docker.io/axllent/mailpit", tag: "v1.33.1" },
  postgresExporter: { name: "quay.io/prometheuscommunity/postgres-exporter", tag: "v0.19.1" },
  nodeExporter: { name: "quay.io/prometheus/node-exporter", tag: "v1.9.1" },
  prometheus: { name: "quay.io/prometheus/prometheus", tag: "v3.13.5" },
  alertmanager: { name: "quay.io/prometheus/alertmanager", tag: "v0.34.2" },
};

/** What the edge's image is built from: Go where it is built, and the system below the program. */
export const edgeBases = {
  go: { name: "docker.io/library/golang", tag: "1.26-alpine3.23" },
  system: { name: "docker.io/library/alpine", tag: "3.23" },
} as const;
