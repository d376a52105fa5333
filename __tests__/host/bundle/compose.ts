import { parse } from "yaml";
import { readBundleFile } from "./values.ts";

export interface ComposeService {
  readonly image: string;
  readonly container_name: string;
  readonly command?: string[];
  readonly user?: string;
  readonly environment?: Record<string, string | number>;
  readonly secrets?: (string | { source: string; target: string; type: string })[];
  readonly ports?: string[];
  readonly volumes?: string[];
  /** A list, or by name with aliases. */
  readonly networks?: string[] | Record<string, { readonly aliases?: string[] }>;
  readonly restart?: string;
  readonly mem_limit?: string;
  readonly healthcheck?: { test: string[] };
  readonly cap_drop?: string[];
}

export const COMPOSE_FILES = [
  "compose.data.yaml",
  "compose.ciam.yaml",
  "compose.iam.yaml",
  "compose.edge.yaml",
  "compose.monitoring.yaml",
];

/** Every service of the bundle by name, merge keys resolved. */
export const composeServices = (): Record<string, ComposeService> =>
  Object.assign({}, ...COMPOSE_FILES.map((file) => parse(readBundleFile(file), { merge: true }).services));
