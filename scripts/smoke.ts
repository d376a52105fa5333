import { environmentNamed } from "./release/target.ts";
import { type Result, runChecks } from "./smoke/check.ts";
import { createClient } from "./smoke/client.ts";
import { routeOf, type SmokeOptions, saidVantage } from "./smoke/options.ts";
import { planOf } from "./smoke/plan.ts";
import { reportAsText, reportOf } from "./smoke/report.ts";
import type { Target } from "./smoke/target.ts";
import { smokeUser } from "./smoke/user.ts";
import { vantage } from "./smoke/vantage.ts";

const AT_ONCE = 12;
const LIMIT_MS = 28_000;

/** Asks an environment from outside whether it is well. Prints what was seen; exits 1 when anything is red. */
export async function smoke(name: string, options: SmokeOptions): Promise<void> {
  const env = environmentNamed(name);
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
