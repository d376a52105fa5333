import { Failure } from "../../../lib/failure.ts";
import { ProgressBar } from "../../../lib/progress-bar.ts";
import { type AdminApiOptions, type AdminApis, connectAdminApis } from "../../shared/admin-apis.ts";
import { environmentNamed } from "../../shared/target.ts";
import { attempt } from "./attempt.ts";
import { burst } from "./burst.ts";
import { loginEveryone } from "./login-everyone.ts";
import { loginCandidates, loginIdentifiers } from "./people.ts";
import { burstText, everyoneText, trafficText } from "./report.ts";
import { traffic } from "./traffic.ts";

export interface LoginsOptions extends AdminApiOptions {
  /** Logins a second. */
  readonly rate?: number;
  readonly seconds?: number;
  readonly everybody?: boolean;
  readonly hours: number;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** Not that of the machine's own logins, so that these can be counted. */
const USER_AGENT = "olympus-burst-logins";
/** The user agent of host/release/bin/olympus-logins. */
export const HOURLY_AGENT = "olympus-simulated-logins";
const MOST_PEOPLE = 100_000;
/** The objective of 99.5 % of all logins. */
const ERRORS_ALLOWED = 0.005;

/** Counts the hourly logins, or drives logins itself. Exit code 1 when they are not as they should be. */
export async function logins(name: string, options: LoginsOptions): Promise<void> {
  if (options.rate !== undefined && options.everybody)
    throw new Failure("--rate and --everybody exclude each other");
  const ground = await connectAdminApis(environmentNamed(name), options, USER_AGENT);
  try {
    if (options.rate !== undefined || options.everybody) await driveLogins(ground, name, options);
    else await countHourlyLogins(ground, name, options);
  } finally {
    await ground.close();
  }
}

async function driveLogins(ground: AdminApis, environment: string, options: LoginsOptions): Promise<void> {
  const { rate, seconds = 60, json, dryRun } = options;
  const say = (plan: string, values: object): void => {
    if (dryRun) console.log(json ? JSON.stringify({ environment, ...values }) : plan);
    else console.error(plan);
  };
  if (rate === undefined) {
    const people = await loginCandidates(ground, MOST_PEOPLE);
    say(`${environment}: ${people.length} people log in once each`, { people: people.length });
    if (dryRun) return;
    const password = await ground.password();
    const bar = new ProgressBar("logins", people.length);
    const roll = await loginEveryone(
      people,
      ({ identifier, kratos }) => attempt(kratos, identifier, password),
      bar,
    );
    console.log(json ? JSON.stringify({ environment, ...roll }, null, 2) : everyoneText(roll));
    process.exitCode = roll.in === roll.people ? 0 : 1;
    return;
  }
  const people = await loginIdentifiers(ground.ciam.kratos.admin, MOST_PEOPLE);
  say(`${environment}: ${rate} logins a second for ${seconds} s, by ${people.length} people`, {
    people: people.length,
    rate,
    seconds,
  });
  if (dryRun) return;
  const password = await ground.password();
  const bar = new ProgressBar("logins", Math.round(rate * seconds));
  const logIn = (n: number) => attempt(ground.ciam.kratos.public, people[n % people.length] ?? "", password);
  const result = await burst({ rate, seconds }, logIn, bar);
  console.log(
    json ? JSON.stringify({ environment, rate, seconds, ...result }, null, 2) : burstText(rate, result),
  );
  process.exitCode = result.errorRate > ERRORS_ALLOWED || result.unsent > 0 ? 1 : 0;
}

async function countHourlyLogins(
  ground: AdminApis,
  environment: string,
  { hours, json }: LoginsOptions,
): Promise<void> {
  const seen = await traffic(ground.ciam.kratos.admin, HOURLY_AGENT, hours, new Date());
  const { perHour } = ground.extras.logins;
  console.log(
    json
      ? JSON.stringify({ environment, perHour, ...seen }, null, 2)
      : trafficText(environment, perHour, seen),
  );
  process.exitCode = seen.hours.some((logins) => logins > 0) ? 0 : 1;
}
