import { Failure } from "./lib/failure.ts";
import { type Ground, type GroundOptions, openGround } from "./lib/ground.ts";
import { ProgressBar } from "./lib/progress-bar.ts";
import { attempt } from "./logins/attempt.ts";
import { burst } from "./logins/burst.ts";
import { rollCall } from "./logins/everybody.ts";
import { ableToLogIn, everybodyAble } from "./logins/people.ts";
import { burstText, rollText, trafficText } from "./logins/report.ts";
import { traffic } from "./logins/traffic.ts";
import { environmentNamed } from "./release/target.ts";

export interface LoginsOptions extends GroundOptions {
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
/** The user agent of host/files/bin/olympus-logins. */
export const HOURLY_AGENT = "olympus-simulated-logins";
const MOST_PEOPLE = 100_000;
/** The objective of 99.5 % of all logins. */
const ERRORS_ALLOWED = 0.005;

/** Counts the hourly logins, or drives logins itself. Exit code 1 when they are not as they should be. */
export async function logins(name: string, options: LoginsOptions): Promise<void> {
  if (options.rate !== undefined && options.everybody)
    throw new Failure("--rate and --everybody exclude each other");
  const ground = await openGround(environmentNamed(name), options, USER_AGENT);
  try {
    if (options.rate !== undefined || options.everybody) await drive(ground, name, options);
    else await count(ground, name, options);
  } finally {
    await ground.close();
  }
}

async function drive(ground: Ground, environment: string, options: LoginsOptions): Promise<void> {
  const { rate, seconds = 60, json, dryRun } = options;
  const say = (plan: string, values: object): void => {
    if (dryRun) console.log(json ? JSON.stringify({ environment, ...values }) : plan);
    else console.error(plan);
  };
  if (rate === undefined) {
    const people = await everybodyAble(ground, MOST_PEOPLE);
    say(`${environment}: ${people.length} people log in once each`, { people: people.length });
    if (dryRun) return;
    const password = await ground.password();
    const bar = new ProgressBar("logins", people.length);
    const roll = await rollCall(
      people,
      ({ identifier, kratos }) => attempt(kratos, identifier, password),
      bar,
    );
    console.log(json ? JSON.stringify({ environment, ...roll }, null, 2) : rollText(roll));
    process.exitCode = roll.in === roll.people ? 0 : 1;
    return;
  }
  const people = await ableToLogIn(ground.ciam.kratos.admin, MOST_PEOPLE);
  say(`${environment}: ${rate} logins a second for ${seconds} s, by ${people.length} people`, {
    ...{ people: people.length, rate, seconds },
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

async function count(ground: Ground, environment: string, { hours, json }: LoginsOptions): Promise<void> {
  const seen = await traffic(ground.ciam.kratos.admin, HOURLY_AGENT, hours, new Date());
  const { perHour } = ground.extras.logins;
  console.log(
    json
      ? JSON.stringify({ environment, perHour, ...seen }, null, 2)
      : trafficText(environment, perHour, seen),
  );
  process.exitCode = seen.hours.some((logins) => logins > 0) ? 0 : 1;
}
