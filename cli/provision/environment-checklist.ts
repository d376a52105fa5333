import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { loadFleet, shipped } from "../../config/index.ts";
import { csrPath } from "../../config/load/environment.ts";
import { zoneOf } from "../../config/load/hosts.ts";
import { shellTokenVariable, tokenVariable, zoneStackName } from "../../config/load/names.ts";
import { ConfigError } from "../../config/load/problems.ts";
import { mirrorOverlaySchema } from "../../config/load/schema.ts";
import { Failure } from "../../lib/failure.ts";
import { encryptedSecretsDirectory, requestDirectory } from "../../lib/process-env.ts";
import { WORKFLOW_TOKENS } from "../shared/tokens.ts";

/** One thing that an environment needs beside its own file. */
export interface ChecklistRow {
  readonly what: string;
  /** Undefined where only a person can see it. */
  readonly isThere: boolean | undefined;
  /** The command, or the lines to add and where. */
  readonly remedy: string;
}

/** Prints what an environment needs in this checkout and at the providers. Exits 1 while something of the checkout is missing. */
export function printChecklist(environment: string, { json }: { readonly json?: boolean }): void {
  const rows = checklistOf(environment);
  console.log(json ? JSON.stringify(rows, null, 2) : rows.map(described).join("\n"));
  if (rows.some(({ isThere }) => isThere === false)) process.exitCode = 1;
}

const described = ({ what, isThere, remedy }: ChecklistRow): string => {
  const state = isThere === undefined ? "by hand" : isThere ? "there" : "missing";
  return isThere ? `${state.padEnd(8)} ${what}` : `${state.padEnd(8)} ${what}\n         ${remedy}`;
};

/** The rows for an environment of config/index.ts, in the order in which they are made. */
export function checklistOf(environment: string): ChecklistRow[] {
  const declared = [shipped.reference, ...shipped.mirrors].find(([name]) => name === environment);
  if (!declared)
    throw new Failure(
      `config/index.ts declares no ${environment}: write config/${environment}.ts as config/staging.ts is, and add ["${environment}", ...] to mirrors`,
    );
  const overlay = (declared[1] ?? {}) as { domain?: unknown; extras?: unknown };
  const domain = mirrorOverlaySchema.shape.domain.safeParse(overlay.domain).data;
  const zones = Object.keys((shipped.base as { zones: object }).zones);
  const zone = domain && zoneOf(domain, zones);
  if (!domain || !zone)
    throw new Failure(
      `config/${environment}.ts names no domain of a zone: ./olympus parity says what is wrong`,
    );
  const stacks = [environment, zoneStackName(zone)];
  const isDeployed = new RegExp(`^\\s+environment: ${environment}$`, "m").test(workflow("deploy.yml"));
  return [
    {
      what: `certificate request of ${domain}`,
      isThere: existsSync(csrPath(domain, requestDirectory())),
      remedy: `./olympus csr ${environment}`,
    },
    {
      what: `deployKey and firstAdministrator of ${environment} in config/base.ts`,
      isThere: Object.hasOwn((shipped.base as { environments: object }).environments, environment),
      remedy: `write environments.${environment}; the key: ssh-keygen -t ed25519, its private half for that deploy alone`,
    },
    {
      what: "a configuration without problems",
      isThere: loads(),
      remedy: "./olympus parity lists them",
    },
    {
      what: `encrypted secrets of ${environment}`,
      isThere: existsSync(join(encryptedSecretsDirectory(), "secrets", `${environment}.yaml`)),
      remedy: `./olympus secrets init ${environment}`,
    },
    ...["pr.yml", "drift.yml"].map((file) => tokensIn(file, stacks, "_READ")),
    {
      what: `releases to ${environment}`,
      isThere: isDeployed ? true : undefined,
      remedy: `a merge goes to staging and prod; gh workflow run release.yml -f environment=${environment} releases main to it`,
    },
    {
      what: `a project at Hetzner and tokens of its own; a GitHub environment ${environment} that is limited to main`,
      isThere: undefined,
      remedy: `secrets ${Object.values(WORKFLOW_TOKENS).join(", ")}, SSH_KEY; variables HOST, HOST_KEY (docs/runbooks/provision.md)`,
    },
  ];
}

function loads(): boolean {
  try {
    loadFleet();
    return true;
  } catch (error) {
    if (error instanceof ConfigError) return false;
    throw error;
  }
}

const workflow = (file: string): string => readFileSync(join(".github", "workflows", file), "utf8");

const CLOUDS = ["hcloud", "cloudflare"] as const;
/** A zone has nothing at Hetzner. */
const cloudsOf = (stack: string) =>
  CLOUDS.filter((cloud) => cloud === "cloudflare" || !stack.startsWith("zone-"));

/** The lines by which a workflow hands on the tokens of stacks. */
function tokensIn(file: string, stacks: readonly string[], suffix: string): ChecklistRow {
  const text = workflow(file);
  const lines = stacks.flatMap((stack) =>
    cloudsOf(stack).map(
      (cloud) =>
        `TF_VAR_${tokenVariable(cloud, stack)}: \${{ secrets.${shellTokenVariable(cloud, stack)}${suffix} }}`,
    ),
  );
  const missing = lines.filter((line) => !text.includes(line));
  return {
    what: `tokens in .github/workflows/${file}`,
    isThere: missing.length === 0,
    remedy: `add to the env of its plans: ${missing.join(", ")}`,
  };
}
