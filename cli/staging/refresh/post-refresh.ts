import type { Environment } from "../../../config/load/environment.ts";
import { type AdminApis, connectAdminApis } from "../../shared/admin-apis.ts";
import { queryMachine, scriptCommand } from "../../shared/machine-script.ts";
import { connectToMachine, type TargetOptions } from "../../shared/target.ts";
import type { SmokeOptions } from "../../smoke/options.ts";
import type { SmokeReport } from "../../smoke/report.ts";
import { smokeReport } from "../../smoke/run.ts";
import { SEEDED_SMOKE_PERSON, smokeUser } from "../../smoke/user.ts";
import { seedSpecOf } from "../seed/options.ts";
import { PACE } from "../seed/pace.ts";
import type { SeedSpec } from "../seed/people.ts";
import type { SeedReport } from "../seed/report.ts";
import { findExistingIdentities } from "../seed/run.ts";
import { seedPeople } from "../seed/seed-people.ts";
import { expectationOf } from "./expectation.ts";
import { leftovers } from "./leftovers.ts";
import { remainsSchema } from "./machine.ts";
import type { RefreshReport } from "./report.ts";

export interface PostRefreshOptions extends TargetOptions, Omit<SmokeOptions, "rateLimit"> {
  readonly smoke: boolean;
}

const USER_AGENT = "olympus-seed";

type PostRefreshResult = Pick<RefreshReport, "seed" | "smoke" | "remains" | "leftovers">;

/** What follows empty databases: new people, the smoke test, and a list of what stands there. */
export async function seedAndVerify(
  env: Environment,
  options: PostRefreshOptions,
): Promise<PostRefreshResult> {
  const ground = await connectAdminApis(env, options, USER_AGENT);
  try {
    const cast = seedSpecOf(PACE, ground.extras.seed);
    const first = await seedOf(env, ground, cast);
    const user = smokeUser(env.name) ?? { email: SEEDED_SMOKE_PERSON, password: await ground.password() };
    const smoke = options.smoke ? await runSmokeTest(env, options, user) : undefined;
    // Hera makes her tables at the first login, which the smoke test was.
    const seed = first.pending.length && smoke ? merged(first, await seedOf(env, ground, cast)) : first;
    const remote = await connectToMachine(env.name, options);
    try {
      const remains = await queryMachine(
        remote,
        scriptCommand(["olympus-refresh", "--remains"]),
        remainsSchema,
      );
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
export const verifyRestoredBackup = async (
  env: Environment,
  options: PostRefreshOptions,
): Promise<PostRefreshResult> => ({
  seed: undefined,
  remains: undefined,
  leftovers: [],
  smoke: options.smoke ? await runSmokeTest(env, options, smokeUser(env.name)) : undefined,
});

const seedOf = async (env: Environment, ground: AdminApis, cast: SeedSpec): Promise<SeedReport> =>
  seedPeople(env.name, ground, cast, await findExistingIdentities(ground, cast), PACE);

/** Two runs as one: what the second still lacks, and what both have made. */
const merged = (first: SeedReport, second: SeedReport): SeedReport => ({
  ...first,
  pending: second.pending,
  failed: [...first.failed, ...second.failed],
  clients: first.clients + second.clients,
  consents: first.consents + second.consents,
});

const runSmokeTest = (
  env: Environment,
  { json: _, ...options }: PostRefreshOptions,
  user: ReturnType<typeof smokeUser>,
): Promise<SmokeReport> =>
  smokeReport(env, { ...options, ...(options.host && { address: options.address ?? [options.host] }) }, user);
