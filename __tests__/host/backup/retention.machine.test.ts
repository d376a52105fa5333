import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, it } from "vitest";
import { childEnvironment } from "../../../lib/process-env.ts";
import { stderrProgress } from "../../../lib/progress.ts";
import { ensureRestic } from "../../../sandbox/programs/restic.ts";
import { base } from "../../support/fleet/base.ts";
import { createSecretValues, FILES, plainValues, writeConfig } from "../bundle/values.ts";
import { kept, library } from "./retention.ts";

const HOUR_MS = 3_600_000;
// restic takes no backup of the future for the newest.
const NEWEST = Date.UTC(2026, 9, 5, 3);
/** Backups of seven years: all of the last days, then ever fewer, two of one day, and years in which there was one only. */
const HOURS_AGO = [
  ...[0, 5, 13, 24, 31, 48, 70, 73, 96, 100, 120, 168, 192, 240, 288, 312, 335, 340, 360].map(
    (hours) => hours,
  ),
  ...[20, 24, 31, 45, 52, 66, 80, 91, 92, 99, 120, 150, 175, 200, 260, 300, 340].map((days) => days * 24),
  ...[400, 430, 700, 790, 1100, 1500, 1890, 2200, 2555].map((days) => days * 24),
];
const times = HOURS_AGO.map((hours) => new Date(NEWEST - hours * HOUR_MS));

let folder: string;
let env: Record<string, string>;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "olympus-retention-"));
  const restic = await ensureRestic(stderrProgress);
  mkdirSync(join(folder, "data"));
  writeFileSync(join(folder, "data/file"), "contents\n");
  writeConfig(
    join(folder, "config"),
    plainValues({ BACKUP_REPOSITORY: join(folder, "store") }),
    createSecretValues(),
  );
  env = childEnvironment({
    PATH: `${restic}:${childEnvironment().PATH}`,
    OLYMPUS_CONFIG: join(folder, "config"),
    OLYMPUS_RUN: join(folder, "run"),
    OLYMPUS_DATA: join(folder, "volume"),
    TZ: "UTC",
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const restic = (...args: string[]) =>
  execa(join(FILES, "bin/olympus-restic"), args, { env, cwd: join(folder, "data") });

it("keeps what the configuration promises of seven years of backups, and nothing else", async () => {
  await restic("init");
  for (let i = 0; i < times.length; i += 6) {
    const some = times.slice(i, i + 6).map((time) => time.toISOString().slice(0, 19).replace("T", " "));
    await Promise.all(some.map((time) => restic("backup", "--time", time, "file")));
  }
  const done = library("retain", join(FILES, "bin"), env);
  expect(done, String(done.stderr)).toMatchObject({ exitCode: 0 });
  const left = JSON.parse((await restic("snapshots", "--json")).stdout) as { time: string }[];
  const keep = { ...base.backup.keep, yearly: Number.POSITIVE_INFINITY };
  const expected = kept(times, keep);
  expect(left.map(({ time }) => new Date(time).toISOString()).sort()).toEqual(expected.sort());
  // Both ways: some went, and every year has one.
  expect(expected.length).toBeLessThan(times.length);
  expect(new Set(expected.map((time) => time.slice(0, 4)))).toEqual(
    new Set(times.map((time) => time.toISOString().slice(0, 4))),
  );
  expect(library("retain", join(FILES, "bin"), env).exitCode).toBe(0);
  expect(JSON.parse((await restic("snapshots", "--json")).stdout)).toHaveLength(expected.length);
  expect((await restic("check")).exitCode).toBe(0);
});
