import { buildGoProgram, type GoProgram } from "../../lib/go-program.ts";
import type { Progress } from "../../lib/progress.ts";
import { SECRET_PROGRAMS } from "../../secrets/programs.ts";
import { ensureEdgeProgram } from "../images/edge-image.ts";

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
  mailpit: {
    module: "github.com/axllent/mailpit",
    version: "v1.33.1",
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
  ...SECRET_PROGRAMS,
  // An S3 server over a folder.
  versitygw: {
    module: "github.com/versity/versitygw",
    version: "v1.8.0",
    main: "./cmd/versitygw",
    versionVariable: "main.Version",
  },
  // OpenTofu: the other program that can apply what is synthesized.
  tofu: {
    module: "github.com/opentofu/opentofu",
    version: "v1.12.6",
    main: "./cmd/tofu",
    releaseVariable: "github.com/opentofu/opentofu/version.dev=no",
  },
  actionlint: { module: "github.com/rhysd/actionlint", version: "v1.7.12", main: "./cmd/actionlint" },
} as const satisfies Record<string, GoProgram>;

export type GoProgramName = keyof typeof PROGRAMS;
/** Those, and the Caddy of the edge's own image. */
export type ProgramName = GoProgramName | "caddy";

/** Absolute path of a program, built on first use. */
export const ensureProgram = (name: ProgramName, progress: Progress): Promise<string> =>
  name === "caddy" ? ensureEdgeProgram(progress) : buildGoProgram(name, PROGRAMS[name], progress);
