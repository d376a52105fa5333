import { availableParallelism } from "node:os";
import pMap from "p-map";
import type { ProgressBar } from "../../../lib/progress-bar.ts";
import type { Attempt } from "./attempt.ts";

export interface EveryoneResult {
  readonly people: number;
  readonly in: number;
  readonly seconds: number;
  readonly reasons: readonly string[];
}

/** Logs everybody in once, a few at a time: hashing keeps a core of the machine busy for each. */
export async function loginEveryone<Who extends { readonly identifier: string }>(
  people: readonly Who[],
  logIn: (who: Who) => Promise<Attempt>,
  bar?: ProgressBar,
): Promise<EveryoneResult> {
  const began = performance.now();
  const reasons: string[] = [];
  let [inside, done] = [0, 0];
  const one = async (who: Who): Promise<void> => {
    const { ending, why } = await logIn(who);
    if (ending === "in") inside++;
    else reasons.push(why ?? `${who.identifier}: rate-limited`);
    bar?.show(++done);
  };
  await pMap(people, one, { concurrency: availableParallelism() });
  bar?.end(done);
  return { people: people.length, in: inside, seconds: (performance.now() - began) / 1000, reasons };
}
