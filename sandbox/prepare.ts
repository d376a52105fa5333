import { loadFleet } from "../config/index.ts";
import { imageReference, withoutDigest } from "../host/images.ts";
import { MACHINE_NEEDS } from "../lib/machine-needs.ts";
import { terraformBinary } from "../lib/process-env.ts";
import type { Progress } from "../lib/progress.ts";
import { ensureEdgeProgram } from "./images/edge-image.ts";
import { ensureImage } from "./images/images.ts";
import { ensurePodmanCompose } from "./local/compose-program.ts";
import { ensureNodePackages, type NodePackages } from "./programs/node-packages.ts";
import type { Artifact, Preparation } from "./programs/preparation.ts";
import { ensureProgram, type GoProgramName, PROGRAMS } from "./programs/programs.ts";
import { ensurePythonClients } from "./programs/python-clients.ts";
import { ensureRestic } from "./programs/restic.ts";
import { ensureRootFileSystem } from "./programs/root-file-systems.ts";
import { ensureHcloudProvider } from "./terraform/mirror.ts";

/** Measured with `npm run test:prepare` from empty caches on two cores. */
const BUILD: Record<GoProgramName, readonly [seconds: number, megabytes: number]> = {
  kratos: [98, 51],
  hydra: [37, 39],
  mailpit: [58, 23],
  crane: [8, 12],
  node_exporter: [22, 16],
  postgres_exporter: [14, 14],
  prometheus: [174, 47],
  promtool: [47, 50],
  alertmanager: [47, 33],
  amtool: [3, 20],
  sops: [94, 50],
  age: [4, 5],
  "age-keygen": [1, 3],
  versitygw: [85, 43],
  actionlint: [16, 6],
  tofu: [190, 110],
};

const program = (name: GoProgramName): Artifact => {
  const [seconds, megabytes] = BUILD[name];
  const make = (progress: Progress) => ensureProgram(name, progress);
  return { name: `${name} ${PROGRAMS[name].version}`, seconds, megabytes, needsGo: true, make };
};

const PROVIDER: Artifact = {
  name: "terraform-provider-hcloud",
  seconds: 47,
  megabytes: 30,
  needsGo: true,
  make: (progress) => ensureHcloudProvider(progress, terraformBinary()),
};

/** OpenTofu has a registry of its own, and so a mirror of its own. */
const PROVIDER_OF_TOFU: Artifact = {
  name: "terraform-provider-hcloud for OpenTofu",
  seconds: 4,
  megabytes: 30,
  needsGo: true,
  make: async (progress) => ensureHcloudProvider(progress, await ensureProgram("tofu", progress)),
};

const packages = (name: NodePackages, seconds: number, megabytes: number): Artifact => ({
  name: `${name} from npm`,
  seconds,
  megabytes,
  make: (progress) => ensureNodePackages(name, progress),
});

/** What the program could move to: another framework, another Node.js. */
const ALTERNATIVES: readonly Artifact[] = [
  packages("cdktn", 3, 5),
  packages("node-20", 4, 150),
  packages("node-22", 4, 185),
  packages("node-24", 4, 190),
];

/** What deploys in their place, for the long tests. */
export const ALTERNATIVE_DEPLOYERS: readonly Artifact[] = [
  packages("cdktn-cli", 28, 217),
  program("tofu"),
  PROVIDER_OF_TOFU,
];

const root = (name: "debian-13" | "postgres-18", seconds: number, megabytes: number): Artifact => ({
  name: `root file system ${name}`,
  seconds,
  megabytes,
  make: (progress) => ensureRootFileSystem(name, progress),
});

/** Every image of the bundle, in the form in which this machine can make it. */
const images = (): Artifact => ({
  name: "images of the bundle",
  seconds: 30,
  megabytes: 700,
  needsGo: true,
  async make(progress) {
    const pins = Object.values(loadFleet().base.images);
    for (const pin of pins) await ensureImage(imageReference(withoutDigest(pin)), progress);
  },
});

/** Caddy and its rate limit, as host/edge builds them. */
const EDGE: Artifact = {
  name: "image of the edge",
  seconds: 142,
  megabytes: 56,
  needsGo: true,
  make: ensureEdgeProgram,
};

const IN_IMAGES: readonly GoProgramName[] = [
  ...(["kratos", "hydra", "mailpit", "node_exporter", "postgres_exporter"] as const),
  ...(["prometheus", "alertmanager", "crane"] as const),
];

/** For emulated clouds alone. */
export const CLOUDS: Preparation = {
  purpose: "the sandbox",
  needs: MACHINE_NEEDS.sandbox,
  artifacts: [PROVIDER],
};

/** For servers that boot on this machine, with Olympus on them. */
export const machines = (): Preparation => ({
  purpose: "machines of the sandbox",
  needs: MACHINE_NEEDS.machines,
  artifacts: [
    PROVIDER,
    root("debian-13", 34, 305),
    root("postgres-18", 37, 292),
    ...IN_IMAGES.map(program),
    EDGE,
    ...(["sops", "age-keygen", "versitygw"] as const).map(program),
    images(),
  ],
});

/** For Olympus in containers; its images are made when their registries have been asked. */
export const LOCAL: Preparation = {
  purpose: "Olympus in containers",
  needs: MACHINE_NEEDS.local,
  artifacts: [],
};

/** For the tests that need an operator's tools. */
export const OPERATOR: Preparation = {
  purpose: "the tests",
  needs: MACHINE_NEEDS.tests,
  artifacts: [
    PROVIDER,
    ...(["sops", "age-keygen", "actionlint", "versitygw"] as const).map(program),
    ...ALTERNATIVES,
  ],
};

/** For all tests but the long ones. */
export const everything = (): Preparation => {
  return {
    purpose: "all tests",
    needs: MACHINE_NEEDS["all tests"],
    artifacts: [
      ...machines().artifacts,
      ...ALTERNATIVES,
      ...(["actionlint", "age", "promtool", "amtool"] as const).map(program),
      { name: "restic of Debian 13", seconds: 5, megabytes: 60, make: ensureRestic },
      { name: "podman-compose", seconds: 5, megabytes: 4, make: ensurePodmanCompose },
      { name: "the providers' Python clients", seconds: 17, megabytes: 129, make: ensurePythonClients },
    ],
  };
};
