import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import type { Environment } from "../../config/load/environment.ts";
import type { Extras } from "../../config/load/schema.ts";
import { SECRETS_FILE } from "../../host/machine-layout.ts";
import { Failure } from "../../lib/failure.ts";
import { callerDirectory } from "../../lib/process-env.ts";
import { createHttpClient, type Endpoint, type HttpClient, type HttpResponse } from "./http-client.ts";
import { DISCOVERY, requireIssuer } from "./hydra-issuer.ts";
import { connectToMachine, type TargetOptions } from "./target.ts";

/** Where the admin APIs are: behind ssh on the environment's machine, or on this machine. */
export interface AdminApiOptions extends TargetOptions {
  /** True: on the ports that the bundle publishes. A text: the first port of CIAM and of IAM. */
  readonly local?: boolean | string;
  /** Takes SQL for the database `olympus` on stdin, as the role `olympus_ciam`. */
  readonly psql?: string;
  readonly passwordFile?: string;
}

interface Domain {
  readonly kratos: { readonly public: HttpClient; readonly admin: HttpClient };
  readonly hydra: { readonly public: HttpClient; readonly admin: HttpClient };
}

/** What seeding and simulated logins stand on. */
export interface AdminApis {
  readonly extras: Extras;
  readonly ciam: Domain;
  readonly iam: Domain;
  /** Runs SQL in the database `olympus` as the role that the customers' applications have; what it printed. */
  sql(text: string): Promise<string>;
  /** The password of all synthetic people. */
  password(): Promise<string>;
  close(): Promise<void>;
}

const RETRY_DELAY_MS = 2000;
/**
 * The first of each domain's four ports on the machine's loopback, as compose.ciam.yaml and compose.iam.yaml publish them: Kratos
 * public and admin, Hydra public and admin.
 */
export const FIRST_PORTS = { ciam: 3100, iam: 4100 };
/** Not as the superuser: a trigger on the table that is written would run with its rights. */
export const OLYMPUS_PSQL =
  "podman exec -i --user postgres olympus-postgres psql -X -q -A -t -v ON_ERROR_STOP=1 -U olympus_ciam -d olympus";
const PASSWORD = "SYNTHETIC_PASSWORD";

/**
 * Opens the way to an environment's admin APIs, which answer on its machine's loopback only. Throws a {@link Failure}
 * for an environment without extras, which serves real people, and when it is another environment that answers.
 */
export async function connectAdminApis(
  env: Environment,
  options: AdminApiOptions,
  userAgent: string,
): Promise<AdminApis> {
  const { extras } = env;
  if (!extras)
    throw new Failure(
      `${env.name} serves real people: it has no extras in config/. Only a non-production environment has synthetic people and simulated logins.`,
    );
  const way = options.local
    ? localTransport(firstPorts(options.local), options)
    : await sshTransport(env, options);
  const ground = createAdminApis(extras, way, userAgent);
  try {
    await requireEnvironment(env, ground);
  } catch (error) {
    await ground.close();
    throw error;
  }
  return ground;
}

function firstPorts(text: boolean | string): typeof FIRST_PORTS {
  if (text === true) return FIRST_PORTS;
  const [, ciam, iam] = String(text).match(/^(\d{1,5}),(\d{1,5})$/) ?? [];
  if (!ciam || !iam || Math.max(Number(ciam), Number(iam)) > 65_532)
    throw new Failure(
      `--local ${text} is not valid: pass the first port of CIAM's four and of IAM's, such as 3100,4100, which is the default`,
    );
  return { ciam: Number(ciam), iam: Number(iam) };
}

/** How the four APIs of each domain are reached, and what else there is at the same place. */
interface AdminTransport extends Pick<AdminApis, "sql" | "password" | "close"> {
  readonly ports: typeof FIRST_PORTS;
  readonly at: (port: number) => Endpoint;
}

const localTransport = (ports: typeof FIRST_PORTS, options: AdminApiOptions): AdminTransport => ({
  ports,
  at: (port) => ({ port }),
  sql: async (input) =>
    psql(await execa("sh", ["-c", options.psql ?? OLYMPUS_PSQL], { input, reject: false })),
  password: async () => {
    if (options.passwordFile) return passwordIn(options.passwordFile);
    throw new Failure("--local needs --password-file: a file with the password of synthetic people");
  },
  close: async () => {},
});

async function sshTransport(env: Environment, options: AdminApiOptions): Promise<AdminTransport> {
  const machine = await connectToMachine(env.name, options);
  try {
    const sockets = new Map<number, string>();
    for (const first of Object.values(FIRST_PORTS))
      for (let port = first; port < first + 4; port++) sockets.set(port, await machine.forward(port));
    return {
      ports: FIRST_PORTS,
      at: (port) => ({ socketPath: sockets.get(port) ?? "" }),
      sql: async (input) => psql(await machine.run(OLYMPUS_PSQL, { input })),
      password: async () => {
        if (options.passwordFile) return passwordIn(options.passwordFile);
        const { stdout } = await machine.run(`sed -n 's/^${PASSWORD}=//p' ${SECRETS_FILE} | head -n 1`);
        if (stdout.trim()) return stdout.trim();
        throw new Failure(
          `The machine of ${env.name} has no ${PASSWORD}: \`./olympus secrets init ${env.name}\`, then \`secrets push\`.`,
        );
      },
      close: () => machine.close(),
    };
  } catch (error) {
    await machine.close();
    throw error;
  }
}

function createAdminApis(
  extras: Extras,
  { ports, at, ...rest }: AdminTransport,
  userAgent: string,
): AdminApis {
  const closing: (() => void)[] = [];
  const api = (port: number): HttpClient => {
    const { ask, close } = createHttpClient(at(port), userAgent);
    closing.push(close);
    return ask;
  };
  const domain = (first: number): Domain => ({
    kratos: { public: api(first), admin: api(first + 1) },
    hydra: { public: api(first + 2), admin: api(first + 3) },
  });
  return {
    ...rest,
    extras,
    ciam: domain(ports.ciam),
    iam: domain(ports.iam),
    async close() {
      for (const close of closing) close();
      await rest.close();
    },
  };
}

/** Throws where it is another environment that answers. */
async function requireEnvironment(env: Environment, { ciam }: AdminApis): Promise<void> {
  const ask = (): Promise<HttpResponse> => ciam.hydra.public("GET", DISCOVERY);
  // Once more after a moment: Hydra may be starting, or have closed the connection.
  const answer = await ask()
    .catch(() => sleep(RETRY_DELAY_MS).then(ask))
    .catch((error: Error) => {
      throw new Failure(
        `Hydra of ${env.name} does not answer on its machine's loopback (${error.message}). Is a release running? \`./olympus status ${env.name}\``,
      );
    });
  requireIssuer(env, env.hosts.ciamOauth, answer);
}

function passwordIn(file: string): string {
  const path = resolve(callerDirectory(), file);
  try {
    const text = readFileSync(path, "utf8").trim();
    if (text.length >= 16) return text;
  } catch (error) {
    throw new Failure(`--password-file ${file}: ${error instanceof Error ? error.message : error}`);
  }
  throw new Failure(`--password-file ${file}: the password must have at least 16 characters`);
}

function psql({ exitCode, stdout, stderr }: { exitCode?: number; stdout: string; stderr: string }): string {
  if (exitCode !== 0) throw new Failure(`psql ended with ${exitCode}: ${stderr.trim().slice(0, 300)}`);
  return stdout.trim();
}
