import type { Environment } from "../../config/environment.ts";
import { type Result, runChecks } from "./check.ts";
import { createClient } from "./client.ts";
import { routeOf, type SmokeOptions, saidVantage } from "./options.ts";
import { planOf } from "./plan.ts";
import { reportOf, type SmokeReport } from "./report.ts";
import type { Target } from "./target.ts";
import { smokeUser } from "./user.ts";
import { vantage } from "./vantage.ts";

const AT_ONCE = 12;
const LIMIT_MS = 28_000;

/** Makes every check of an environment once, within 30 s. `user`: who logs in. */
export async function smokeReport(
  env: Environment,
  options: SmokeOptions,
  user = smokeUser(env.name),
): Promise<SmokeReport> {
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
    user,
    rateLimit: options.rateLimit ?? env.extras !== undefined,
  };
  const results: Result[] = [];
  for (const group of planOf(target)) results.push(...(await runChecks(group, AT_ONCE, signal)));
  client.close();
  return reportOf(env.name, target.vantage, startedAt, results);
}
