import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { edgeBases, images } from "../../../config/images.ts";
import { PROVIDER_SOURCES } from "../../../config/load/provider-sources.ts";
import { PROVIDER_VERSIONS } from "../../../config/load/provider-versions.ts";
import { SECRET_PROGRAMS } from "../../../secrets/programs.ts";

/** A package as OSV knows it: https://ossf.github.io/osv-schema/, "Defined ecosystems". */
export interface OsvPackage {
  readonly ecosystem: "Go" | "npm" | "PyPI" | "GitHub Actions";
  readonly name: string;
  /** Without a leading v, as OSV has it. */
  readonly version: string;
}

/** Something of a fixed version that this repository builds with or runs, and what OSV calls it. */
export interface Pin {
  /** The file that it stands in. */
  readonly file: string;
  readonly name: string;
  readonly version: string;
  readonly packages: readonly OsvPackage[];
}

/** A pin that no public list of advisories knows by its version. */
export interface UncoveredPin extends Omit<Pin, "packages"> {
  readonly why: string;
}

const bare = (version: string): string => version.replace(/^v/, "");
const packages = (
  ecosystem: OsvPackage["ecosystem"],
  version: string,
  ...names: readonly string[]
): OsvPackage[] => names.map((name) => ({ ecosystem, name, version: bare(version) }));

const MOVES = "its tag moves: which version it is, only the registry knows";
const PRIVATE =
  "no public list has it: its maintainers publish advisories in their own repository, if at all";

/** What each image holds: a text is the reason why nothing can be asked. A new image does not compile until it is here. */
const IMAGES: Readonly<Record<keyof typeof images, ((tag: string) => OsvPackage[]) | string>> = {
  postgres: MOVES,
  kratos: (tag) => packages("Go", tag, "github.com/ory/kratos"),
  hydra: (tag) => packages("Go", tag, "github.com/ory/hydra", "github.com/ory/hydra/v2"),
  caddy: "our own build: what is in it is asked by host/edge/go.mod",
  hera: PRIVATE,
  athena: PRIVATE,
  site: PRIVATE,
  pgadmin: (tag) => packages("PyPI", tag, "pgadmin4"),
  mailpit: (tag) => packages("Go", tag, "github.com/axllent/mailpit"),
  postgresExporter: (tag) => packages("Go", tag, "github.com/prometheus-community/postgres_exporter"),
  nodeExporter: (tag) => packages("Go", tag, "github.com/prometheus/node_exporter"),
  // Its advisories count both ways: by its releases (3.13.5), and as the Go module (0.313.5).
  prometheus: (tag) => [
    ...packages("Go", tag, "github.com/prometheus/prometheus"),
    ...packages("Go", moduleVersion(tag), "github.com/prometheus/prometheus"),
  ],
  alertmanager: (tag) => packages("Go", tag, "github.com/prometheus/alertmanager"),
};

/** v3.13.5 of Prometheus is v0.313.5 of its Go module. */
const moduleVersion = (tag: string): string =>
  bare(tag).replace(/^(\d+)\.(\d+)\./, (_, major, minor) => `0.${major}${minor.padStart(2, "0")}.`);

function imagePins(): (Pin | UncoveredPin)[] {
  const file = "config/images.ts";
  const bases = Object.values(edgeBases).map(({ name, tag }) => ({ file, name, version: tag, why: MOVES }));
  const pins = Object.entries(images).map(([name, { tag: version }]) => {
    const known = IMAGES[name as keyof typeof images];
    return typeof known === "string"
      ? { file, name, version, why: known }
      : { file, name, version, packages: known(version) };
  });
  return [...pins, ...bases];
}

/** What `npm ci` installs, each version once. */
function npmPins(root: string): Pin[] {
  const file = "package-lock.json";
  const lock = JSON.parse(readFileSync(join(root, file), "utf8")) as {
    packages: Record<string, { name?: string; version?: string; link?: boolean }>;
  };
  return Object.entries(lock.packages).flatMap(([path, entry]) => {
    const [, name = ""] = /.*node_modules\/(.+)$/.exec(path) ?? [];
    if (!name || entry.link || !entry.version) return [];
    const known = entry.name ?? name;
    return [{ file, name: known, version: entry.version, packages: packages("npm", entry.version, known) }];
  });
}

/** What the edge's image is built from. */
function goPins(root: string): Pin[] {
  const file = "host/edge/go.mod";
  const lines = readFileSync(join(root, file), "utf8").split("\n");
  return lines.flatMap((line) => {
    const [, name, version] = /^(?:require )?\s*([\w.-]+\.[\w./-]+) (v\d\S+)/.exec(line) ?? [];
    return name && version ? [{ file, name, version, packages: packages("Go", version, name) }] : [];
  });
}

/** Actions by the comment beside their commit, and what workflows install. */
function workflowPins(root: string): (Pin | UncoveredPin)[] {
  const files = readdirSync(join(root, ".github"), { recursive: true, encoding: "utf8" })
    .filter((file) => /\.ya?ml$/.test(file))
    .map((file) => join(".github", file));
  return files.flatMap((file) => {
    const text = readFileSync(join(root, file), "utf8");
    const actions = [...text.matchAll(/uses: ["']?([\w.-]+\/[\w.-]+)[^@\s]*@(\S+)(?: # (v\S+))?/g)].map(
      ([, name = "", commit = "", version]) =>
        version
          ? { file, name, version, packages: packages("GitHub Actions", version, name) }
          : { file, name, version: commit, why: "no comment beside its commit says which version it is" },
    );
    const terraform = [...text.matchAll(/terraform_version: (\S+)/g)].map(([, version = ""]) => ({
      file,
      name: "terraform",
      version,
      packages: packages("Go", version, "github.com/hashicorp/terraform"),
    }));
    return [...actions, ...terraform];
  });
}

function providerPins(): Pin[] {
  return (Object.keys(PROVIDER_VERSIONS) as (keyof typeof PROVIDER_VERSIONS)[]).map((name) => {
    const [owner, provider] = PROVIDER_SOURCES[name].split("/");
    const module = `github.com/${owner}/terraform-provider-${provider}`;
    const version = PROVIDER_VERSIONS[name];
    const major = `${module}/v${version.split(".")[0]}`;
    return {
      file: "config/load/provider-versions.ts",
      name,
      version,
      packages: packages("Go", version, module, major),
    };
  });
}

const programPins = (): Pin[] =>
  Object.entries(SECRET_PROGRAMS).map(([name, { module, version }]) => ({
    file: "secrets/programs.ts",
    name,
    version,
    packages: packages("Go", version, module),
  }));

const nodePin = (root: string): UncoveredPin => ({
  file: ".nvmrc",
  name: "Node.js",
  version: readFileSync(join(root, ".nvmrc"), "utf8").trim(),
  why: MOVES,
});

const key = (pin: Pin | UncoveredPin): string =>
  `${"why" in pin ? pin.file : pin.packages[0]?.ecosystem} ${pin.name} ${pin.version}`;

/** All that is pinned below a checkout's root, each once: what can be asked about, and what cannot. */
export function readPins(root = "."): { pins: Pin[]; uncovered: UncoveredPin[] } {
  const found = [
    ...imagePins(),
    ...goPins(root),
    ...providerPins(),
    ...programPins(),
    ...workflowPins(root),
    ...npmPins(root),
    nodePin(root),
  ];
  const once = new Map(found.map((pin) => [key(pin), pin]));
  const isCovered = (pin: Pin | UncoveredPin): pin is Pin => !("why" in pin);
  const all = [...once.values()];
  return {
    pins: all.filter(isCovered),
    uncovered: all.filter((pin): pin is UncoveredPin => !isCovered(pin)),
  };
}
