import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import ipaddr from "ipaddr.js";
import type { Environment } from "../config/environment.ts";
import { loadFleet } from "../config/index.ts";
import { callerDirectory } from "../config/process-env.ts";
import { Failure } from "./lib/failure.ts";
import { type Result, runChecks } from "./smoke/check.ts";
import { createClient, type Route } from "./smoke/client.ts";
import { planOf } from "./smoke/plan.ts";
import { reportAsText, reportOf } from "./smoke/report.ts";
import type { Target } from "./smoke/target.ts";
import { smokeUser } from "./smoke/user.ts";
import { type Vantage, vantage } from "./smoke/vantage.ts";

export interface SmokeOptions {
  readonly json?: boolean;
  readonly from?: string;
  /** `ADDRESS[:PORT]` to connect to for every host. */
  readonly resolve?: string;
  readonly origin?: boolean;
  /** Addresses of the machine itself. */
  readonly address?: readonly string[];
  /** Files. */
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  /** Undefined: on a rehearsal only. */
  readonly rateLimit?: boolean;
}

const AT_ONCE = 12;
const LIMIT_MS = 28_000;

/** Asks an environment from outside whether it is well. Prints what was seen; exits 1 when anything is red. */
export async function smoke(name: string, options: SmokeOptions): Promise<void> {
  const env = environmentOf(name);
  const [startedAt, signal] = [new Date(), AbortSignal.timeout(LIMIT_MS)];
  const route = routeOf(options);
  const client = createClient(route, Object.values(env.hosts), signal);
  const origin = options.origin === true;
  const target: Target = {
    env,
    client,
    origin,
    vantage: saidVantage(options.from) ?? (await vantage(env, client, origin)),
    addresses: options.address ?? (origin && route.address ? [route.address] : []),
    user: smokeUser(name),
    rateLimit: options.rateLimit ?? env.extras !== undefined,
  };
  const results: Result[] = [];
  for (const group of planOf(target)) results.push(...(await runChecks(group, AT_ONCE, signal)));
  client.close();
  const report = reportOf(name, target.vantage, startedAt, results);
  console.log(options.json ? JSON.stringify(report, null, 2) : reportAsText(report));
  process.exitCode = report.failed > 0 ? 1 : 0;
}

function environmentOf(name: string): Environment {
  const fleet = loadFleet();
  const all = [fleet.reference, ...fleet.mirrors];
  const declared = all.find((candidate) => candidate.name === name);
  if (declared) return declared.environment;
  throw new Failure(`${name} is no environment: config/ declares ${all.map((one) => one.name).join(", ")}`);
}

function routeOf({ resolve: to, origin, address = [], ca, cert, key }: SmokeOptions): Route {
  for (const one of address) requireAddress("--address", one);
  if (origin && !to && !address[0])
    throw new Failure("--origin needs --address or --resolve: where the machine is");
  if (Boolean(cert) !== Boolean(key)) throw new Failure("--cert and --key go together");
  const [, bracketed, plain, port] = to?.match(/^(?:\[([^\]]+)\]|([^:]+|[^:]*:[^:]*:.*))(?::(\d+))?$/) ?? [];
  const via = to ? requireAddress("--resolve", bracketed ?? plain ?? to) : undefined;
  return {
    address: via ?? (origin ? address[0] : undefined),
    port: port ? Number(port) : undefined,
    ca: ca && file("--ca", ca),
    cert: cert && file("--cert", cert),
    key: key && file("--key", key),
  };
}

function requireAddress(option: string, text: string): string {
  if (ipaddr.isValid(text)) return text;
  throw new Failure(
    `${option} ${text}: write an IPv4 or IPv6 address, such as 203.0.113.7 or [2001:db8::7]:8443`,
  );
}

function file(option: string, path: string): string {
  try {
    return readFileSync(resolve(callerDirectory(), path), "utf8");
  } catch (error) {
    throw new Failure(`${option} ${path} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
}

function saidVantage(place: string | undefined): Vantage | undefined {
  if (place === undefined || place === "auto") return undefined;
  if (place === "office" || place === "outside") return { place, because: "--from says so" };
  throw new Failure(`--from ${place}: write office, outside or auto`);
}
