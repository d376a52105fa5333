import { simpleFaker } from "@faker-js/faker";
import { expect } from "vitest";
import {
  addPeople,
  at,
  databases,
  dumps,
  killAfter,
  locks,
  namesIn,
  recorded,
  run,
  serving,
} from "./backup-fixture.ts";

export type Script = "olympus-backup" | "olympus-restore" | "olympus-drill";
const ARGUMENTS = { "olympus-backup": ["daily"], "olympus-restore": ["latest"], "olympus-drill": [] };
/** What a script says when it begins a part of its work. */
const STEP = /^(dump|store|check|keep|fetch|load|switch|an earlier restore|start|read a part)\b/gm;

export interface Kill {
  /** After so many milliseconds of about `whole`. */
  readonly ms: number;
  readonly whole: number;
  /** What it had last begun. */
  readonly step: string;
}

/** All that a run leaves: the databases, who serves, what it recorded, and its files on the volume and in the store. */
function left(name: Script) {
  const { ok, databases: five, tables, rows, has_secrets } = recorded(name.replace("olympus-", ""));
  return {
    recorded: { ok, five, tables, rows, has_secrets },
    databases: databases(),
    serving: serving(),
    volume: namesIn(at("data/backup")),
    cache: namesIn(at("data/backup/cache")),
    running: namesIn(at("run-of-test")),
    metrics: namesIn(at("run-of-test/metrics")),
    locks: locks(),
    dumps: dumps(),
  };
}

const timed = (name: Script) => {
  const begin = Date.now();
  const done = run(name, ...ARGUMENTS[name]);
  return { ...done, ms: Date.now() - begin };
};

let people = 10_000;

/**
 * Kills a script so many times while it is at work, at a random moment of each of as many parts of the time that it takes,
 * and runs it again to its end each time: what is left must be what an undisturbed run leaves.
 */
export async function killAtRandom(name: Script, kills: number, seed: number): Promise<Kill[]> {
  simpleFaker.seed(seed);
  expect(run("olympus-backup", "by-hand")).toMatchObject({ code: 0 });
  const undisturbed = timed(name);
  expect(undisturbed, undisturbed.err).toMatchObject({ code: 0 });
  const expected = left(name);
  let whole = undisturbed.ms;
  const done: Kill[] = [];
  while (done.length < kills) {
    // What a restore takes back: without it, one that did nothing would look the same.
    if (name === "olympus-restore") addPeople(people++, 1);
    const begin = Date.now();
    const ms = Math.round(((done.length + simpleFaker.number.float()) / kills) * whole);
    // With all that it has started, as power does, or alone, as the kernel does that wants memory.
    const said = await killAfter(ms, done.length % 2 === 1, name, ...ARGUMENTS[name]);
    if (said === undefined) {
      // It was through before its moment: this computer has become faster than it was.
      whole = Math.min(Date.now() - begin, whole * 0.9);
      continue;
    }
    const kill = { ms, whole, step: said.match(STEP)?.at(-1) ?? "open" };
    done.push(kill);
    const again = timed(name);
    expect(again, `${JSON.stringify(kill)}: ${again.err}`).toMatchObject({ code: 0 });
    expect(left(name), JSON.stringify(kill)).toEqual(expected);
    // One that only had to finish an earlier one is not the whole.
    if (!again.err.includes("an earlier restore")) whole = again.ms;
  }
  expect(run("olympus-restic", "check", "--read-data")).toMatchObject({ code: 0 });
  return done;
}
