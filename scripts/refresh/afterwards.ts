import type { Environment } from "../../config/environment.ts";
import { ask, script } from "../backup/run.ts";
import { type Ground, openGround } from "../lib/ground.ts";
import { reach, type TargetOptions } from "../release/target.ts";
import { fill } from "../seed/fill.ts";
import { castOf } from "../seed/options.ts";
import { PACE } from "../seed/pace.ts";
import type { Cast } from "../seed/people.ts";
import type { SeedReport } from "../seed/report.ts";
import { look } from "../seed/run.ts";
import type { SmokeOptions } from "../smoke/options.ts";
import type { SmokeReport } from "../smoke/report.ts";
import { smokeReport } from "../smoke/run.ts";
import { smokeUser } from "../smoke/user.ts";
import { expectationOf } from "./expectation.ts";
import { leftovers } from "./judge.ts";
import { remainsShape } from "./machine.ts";
import type { RefreshReport } from "./report.ts";

export interface AfterwardsOptions extends TargetOptions, Omit<SmokeOptions, "rateLimit"> {
  readonly smoke: boolean;
}

const USER_AGENT = "olympus-seed";
/** Somebody of scripts/seed/profiles.ts. */
const SMOKE_PERSON = "smoke.1@cast.example";

type Outcome = Pick<RefreshReport, "seed" | "smoke" | "remains" | "leftovers">;

/** What follows empty databases: new people, the smoke test, and a list of what stands there. */
export async function settle(env: Environment, options: AfterwardsOptions): Promise<Outcome> {
  const ground = await openGround(env, options, USER_AGENT);
  try {
    const cast = castOf(PACE, ground.extras.seed);
    const first = await seedOf(env, ground, cast);
    const user = smokeUser(env.name) ?? { email: SMOKE_PERSON, password: await ground.password() };
    const smoke = options.smoke ? await lookFromOutside(env, options, user) : undefined;
    // Hera makes her tables at the first login, which the smoke test was.
    const seed = first.pending.length && smoke ? merged(first, await seedOf(env, ground, cast)) : first;
    const remote = await reach(env.name, options);
    try {
      const remains = await ask(remote, script(["olympus-refresh", "--remains"]), remainsShape);
      const lockouts = seed.pending.filter(({ who }) => who.startsWith("locked.")).length;
      return { seed, smoke, remains, leftovers: leftovers(remains, expectationOf(env, cast, lockouts)) };
    } finally {
      await remote.close();
    }
  } finally {
    await ground.close();
  }
}

/** What follows a backup in their place: it has its own people. */
export const settleBackup = async (env: Environment, options: AfterwardsOptions): Promise<Outcome> => ({
  ...{ seed: undefined, remains: undefined, leftovers: [] },
  smoke: options.smoke ? await lookFromOutside(env, options, smokeUser(env.name)) : undefined,
});

const seedOf = async (env: Environment, ground: Ground, cast: Cast): Promise<SeedReport> =>
  fill(env.name, ground, cast, await look(ground, cast), PACE);

/** Two runs as one: what the second still lacks, and what both have made. */
const merged = (first: SeedReport, second: SeedReport): SeedReport => ({
  ...first,
  ...{ pending: second.pending, failed: [...first.failed, ...second.failed] },
  ...{ clients: first.clients + second.clients, consents: first.consents + second.consents },
});

const lookFromOutside = (
  env: Environment,
  { json: _, ...options }: AfterwardsOptions,
  user: ReturnType<typeof smokeUser>,
): Promise<SmokeReport> =>
  smokeReport(env, { ...options, ...(options.host && { address: options.address ?? [options.host] }) }, user);
