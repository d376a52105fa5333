import { type Environment, servesRealPeople } from "../../config/load/environment.ts";
import { type CheckResult, runChecks } from "./check.ts";
import { createSmokeClient } from "./client.ts";
import { detectNetworkLocation } from "./network-location.ts";
import { networkLocationOption, routeOf, type SmokeOptions } from "./options.ts";
import { planOf } from "./plan.ts";
import { reportOf, type SmokeReport } from "./report.ts";
import type { Target } from "./target.ts";
import { smokeUser } from "./user.ts";

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
  const client = createSmokeClient(route, Object.values(env.hosts), signal);
  const origin = options.origin === true;
  const target: Target = {
    env,
    client,
    origin,
    vantage: networkLocationOption(options.from) ?? (await detectNetworkLocation(env, client, origin)),
    addresses: options.address ?? (origin && route.address ? [route.address] : []),
    user,
    rateLimit: options.rateLimit ?? !servesRealPeople(env),
  };
  const results: CheckResult[] = [];
  for (const group of planOf(target)) results.push(...(await runChecks(group, AT_ONCE, signal)));
  client.close();
  return reportOf(env.name, target.vantage, startedAt, results);
}
