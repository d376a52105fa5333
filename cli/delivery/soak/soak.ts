import { setTimeout as sleep } from "node:timers/promises";
import { toSeconds } from "../../../config/load/duration.ts";
import { type Environment, servesRealPeople } from "../../../config/load/environment.ts";
import { Failure } from "../../../lib/failure.ts";
import { stderrProgress as progress } from "../../../lib/progress.ts";
import { bundleHash, environmentContents, idSuffix } from "../../release/contents.ts";
import { environmentNamed, locate, type TargetOptions } from "../../shared/target.ts";
import type { SmokeOptions } from "../../smoke/options.ts";
import { smokeReport } from "../../smoke/run.ts";
import { smokeUser } from "../../smoke/user.ts";
import { smokeFailures, soakFindings } from "./findings.ts";
import { type MachineSample, sampleMachine } from "./machine-sample.ts";

export interface SoakOptions extends TargetOptions, SmokeOptions {
  /** Numbers, fractions allowed. */
  readonly minutes: string;
  readonly every: string;
}

/**
 * Lets what this commit released serve for a while and looks at it again and again: smoke test, the machine's own health,
 * crashes, answers of 5xx. Throws a {@link Failure} at the first thing that is wrong. At the end prints the bundle's hash
 * as `bundle=…`: what has soaked, for `release --bundle`.
 */
export async function soak(name: string, options: SoakOptions): Promise<void> {
  const env = environmentNamed(name);
  const [minutes, every] = [positive("--minutes", options.minutes), positive("--every", options.every)];
  const contents = environmentContents(env);
  // Ports are looked at where the machine itself is; its host key is known from here on.
  const { host } = await locate(name, options);
  const smoke: SmokeOptions = { ...options, address: options.address ?? [host], rateLimit: false };

  await untilAdmitted(env);
  const end = Date.now() + minutes * 60_000;
  let before = await sampleMachine(env, options);
  const release = releaseOf(name, before, idSuffix(contents));
  let [wrong, rounds] = [soakFindings(release, undefined, before), 0];
  for (;;) {
    wrong = [...wrong, ...smokeFailures(await smokeReport(env, smoke))];
    rounds += 1;
    if (wrong.length)
      throw new Failure(
        [`${name}: ${release} failed in round ${rounds}:`, ...wrong.map((line) => `  ${line}`)].join("\n"),
      );
    const left = end - Date.now();
    progress(`round ${rounds}: healthy; ${Math.max(0, Math.ceil(left / 60_000))} min left`);
    if (left <= 0) break;
    await sleep(Math.min(left, every * 60_000));
    const now = await sampleMachine(env, options);
    wrong = soakFindings(release, before, now);
    before = now;
  }
  const bundle = bundleHash(env);
  console.log(
    options.json
      ? JSON.stringify({ environment: name, release, bundle, minutes, rounds }, null, 2)
      : `bundle=${bundle}`,
  );
}

/** The smoke test that a pipeline runs before a soak ends with a limit used up: who then logs in from here is refused for a window. */
async function untilAdmitted(env: Environment): Promise<void> {
  if (servesRealPeople(env) || !smokeUser(env.name)) return;
  const { window } = env.rateLimits.login;
  progress(`waits ${window}: a smoke test may have used up the logins of this address`);
  await sleep(toSeconds(window) * 1000);
}

function releaseOf(name: string, { status }: MachineSample, suffix: string): string {
  const { current } = status.facts;
  if (current?.endsWith(suffix)) return current;
  throw new Failure(
    `${name} serves ${current ?? "nothing"}, which was not released from this commit: ./olympus release ${name}`,
  );
}

function positive(option: string, text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 24 * 60))
    throw new Failure(`${option} ${text} is not a valid number of minutes: more than 0, at most a day`);
  return value;
}
