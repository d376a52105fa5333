import { expect } from "vitest";
import { addPeople, cut, DATABASES, databases, dumps, recorded, run } from "./workbench.ts";

type Script = "olympus-backup" | "olympus-restore" | "olympus-drill";
const ARGUMENTS = { "olympus-backup": ["daily"], "olympus-restore": ["latest"], "olympus-drill": [] };
const CLEAN = [...DATABASES, "postgres"].sort();

let people = 10_000;

/** Kills a script at so many moments of its work, each in its own part of it, and runs it again to its end each time. */
export async function cutAtRandom(name: Script, moments: number) {
  expect(run("olympus-backup", "by-hand")).toMatchObject({ code: 0 });
  const backedUp = dumps();
  const begin = Date.now();
  expect(run(name, ...ARGUMENTS[name])).toMatchObject({ code: 0 });
  let whole = Date.now() - begin;
  const cuts: number[] = [];
  let atWork = 0;
  for (let i = 0; i < moments; i++) {
    const isRestore = name === "olympus-restore";
    // What a restore takes back: without it, one that did nothing would look the same.
    if (isRestore) addPeople(people++, 1);
    const before = isRestore ? backedUp : dumps();
    const started = Date.now();
    const ms = Math.round(((i + Math.random()) / moments) * whole);
    cuts.push(ms);
    // With all that it has started, as power does, or alone, as the kernel does that wants memory.
    if (await cut(ms, i % 2 === 1, name, ...ARGUMENTS[name])) atWork++;
    // It was through before its moment: this computer has become faster than it was.
    else whole = Date.now() - started;
    const again = run(name, ...ARGUMENTS[name]);
    expect(again, `after ${ms} ms of ${whole}: ${again.err}`).toMatchObject({ code: 0 });
    expect(dumps(), `after ${ms} ms of ${whole}`).toEqual(before);
    expect(databases()).toEqual(CLEAN);
    expect(recorded(name.replace("olympus-", "")).ok).toBe(true);
    expect(run("olympus-restic", "check")).toMatchObject({ code: 0 });
  }
  return { cuts, atWork };
}
