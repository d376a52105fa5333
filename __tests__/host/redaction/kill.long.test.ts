import { spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { simpleFaker } from "@faker-js/faker";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { namedVariable } from "../../../lib/process-env.ts";
import { skipWithout } from "../../sandbox/machines/tools.ts";
import { openStack } from "../bundle/migrated-stack.ts";
import { closeStack, machine, prepareDatabases, psql, startOry } from "../bundle/stack.ts";
import { createPeople, dumpText, folder, redaction, runRedaction } from "./source-fixture.ts";

const KILLS = 20;
/** The same number kills at the same shares of the work. */
const SEED = Number(namedVariable("OLYMPUS_KILL_SEED") ?? randomInt(2 ** 31));
const WORDS =
  /lovelace|hopper|lamarr|441234567890|CUST-987654321|Arlington|1906-12-09|known to|people\.example/i;

/** What two redactions of the same source have in common: ids and hashes come from chance, and people are numbered by them. */
const shape = (out: string): string =>
  dumpText(out)
    .replaceAll(/^\\(un)?restrict .*$/gm, "")
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "ID")
    .replaceAll(/\$2[aby]\$[^"]{56}/g, "HASH")
    .replaceAll(/[0-9a-f]{12,}/g, "HEX")
    .replaceAll(/\b(User |RED-|CUST-)\d+/gi, "$1N")
    .split("\n")
    .sort()
    .join("\n");

const databases = () => psql("SELECT datname FROM pg_database ORDER BY 1").out;
const source = () =>
  machine
    .run(["pg_dump", "--table", "public.identit*", "ciam_kratos"], { user: "70:70" })
    .out.replaceAll(/^\\(un)?restrict .*$/gm, "");

describe.skipIf(skipWithout(["nsenter", "mmdebstrap", "go"]))("a redaction", () => {
  beforeAll(async () => {
    await openStack();
    expect(prepareDatabases().code).toBe(0);
    await startOry();
    createPeople();
  });
  afterAll(async () => {
    await closeStack();
    rmSync(folder, { recursive: true, force: true });
  });

  it(`killed at ${KILLS} random moments, ends as undisturbed when it is run again`, async () => {
    simpleFaker.seed(SEED);
    const before = [databases(), source()];
    const began = Date.now();
    expect(runRedaction("kratos", "ciam_kratos", "undisturbed.dump").err).toBe("");
    let whole = Date.now() - began;
    const expected = shape("undisturbed.dump");
    const kills: string[] = [];
    for (let i = 0; kills.length < KILLS; i++) {
      const ms = Math.round(((kills.length + simpleFaker.number.float()) / KILLS) * whole);
      const { command, env, input } = redaction("kratos", "ciam_kratos", "killed.dump");
      const [file = "", ...words] = machine.inside(command);
      const path = "/usr/local/bin:/usr/lib/postgresql/18/bin:/usr/sbin:/usr/bin:/sbin:/bin";
      const begin = Date.now();
      const child = spawn(file, words, {
        env: { PATH: path, ...env },
        detached: true,
        stdio: ["pipe", "ignore", "ignore"],
      });
      child.stdin?.end(input);
      const ended = once(child, "exit");
      const isThrough = await Promise.race([ended.then(() => true), sleep(ms).then(() => false)]);
      expect(i, "it is through before its moment, again and again").toBeLessThan(3 * KILLS);
      if (isThrough) {
        // This computer has become faster than it was.
        whole = Date.now() - begin;
        rmSync(join(folder, "killed.dump"));
        continue;
      }
      // Alone, or with all that it has started.
      const isAll = kills.length % 2 === 1;
      if (child.pid) process.kill(isAll ? -child.pid : child.pid, "SIGKILL");
      await ended;
      kills.push(`${ms} ms of ${whole}${isAll ? ", with all of it" : ""}`);
      process.stderr.write(`seed ${SEED}, killed at ${kills.at(-1)}\n`);
      const moment = `seed ${SEED}, killed at ${kills.at(-1)}`;
      // What a kill leaves is never taken for a whole one.
      if (existsSync(join(folder, "killed.dump"))) expect(shape("killed.dump"), moment).toBe(expected);
      expect(runRedaction("kratos", "ciam_kratos", "killed.dump").err, moment).toBe("");
      expect(dumpText("killed.dump"), moment).not.toMatch(WORDS);
      expect(shape("killed.dump"), moment).toBe(expected);
      expect([databases(), source()], moment).toEqual(before);
      expect(readdirSync(join(folder, "data")), moment).toEqual([]);
      rmSync(join(folder, "killed.dump"));
    }
  });
});
