import { existsSync } from "node:fs";
import { expect } from "vitest";
import { addPeople, at, dumps, fakePodman, killAfter, run } from "../backup/backup-fixture.ts";
import { clusterState, isClean, isMounted, resumeServices } from "./volume-fixture.ts";

let people = 20_000;
const isBegun = (): boolean => existsSync(at("run-of-test/rest-begun"));
const alive = (): string[] => fakePodman("ps").out.trim().split("\n");

/** Kills so many rests, each in its own part of the work, and runs each again to its end. Returns how many were at work. */
export async function hibernateKilledAtRandom(moments: number): Promise<number> {
  let begin = Date.now();
  expect(run("olympus-rest")).toMatchObject({ code: 0 });
  let whole = Date.now() - begin;
  let atWork = 0;
  for (let i = 0; i < moments; i++) {
    expect(resumeServices()).toEqual([]);
    addPeople(people++, 1);
    const before = dumps();
    const ms = Math.round(((i + Math.random()) / moments) * whole);
    begin = Date.now();
    // With all that it has started, as power does, or alone, as the kernel does that wants memory.
    if (await killAfter(ms, i % 2 === 1, "olympus-rest")) atWork++;
    else whole = Date.now() - begin;
    // Cut short while the volume was still there: the mark says so, unless nothing had been touched yet.
    if (isMounted() && !alive().includes("olympus-ciam-kratos")) expect(isBegun()).toBe(true);
    const again = run("olympus-rest");
    expect(again, `after ${ms} ms of ${whole}: ${again.err}`).toMatchObject({ code: 0 });
    expect([isMounted(), isClean(), clusterState(), isBegun()]).toEqual([false, true, "shut down", false]);
    expect(resumeServices(), `after ${ms} ms of ${whole}`).toEqual([]);
    expect(dumps(), `after ${ms} ms of ${whole}`).toEqual(before);
    expect(run("olympus-rest")).toMatchObject({ code: 0 });
  }
  return atWork;
}
