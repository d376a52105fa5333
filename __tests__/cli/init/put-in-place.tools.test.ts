import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import { execa } from "execa";
import pMap from "p-map";
import { afterAll, beforeAll, expect, test } from "vitest";
import { UNFINISHED } from "../../../config/load/unfinished.ts";

const folder = mkdtempSync(join(tmpdir(), "olympus-place-"));
const [program, killer] = [join(folder, "program.cjs"), join(folder, "killer.cjs")];
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const OLD: Readonly<Record<string, string>> = {
  "config/base.ts": "old base",
  "config/prod.ts": "old prod",
  "config/csr/a.csr": "a",
};
const NEW: Readonly<Record<string, string>> = {
  "config/base.ts": "new base",
  "config/prod.ts": "new prod",
  ".secrets/b.key": "key",
  "config/csr/b.csr": "b",
};
const CHANGES = [
  ...Object.entries(NEW).map(([file, text]) => ({ file, text, mode: file.endsWith(".key") ? 0o600 : 0o644 })),
  { file: "config/csr/a.csr", mode: 0o644 },
];

beforeAll(async () => {
  const source = join(process.cwd(), "cli/init/put-in-place.ts");
  await build({
    stdin: {
      contents: `import { finish, putInPlace } from "${source}";
        globalThis.isCounted = true;
        if (process.argv[2] === "finish") console.log(JSON.stringify(finish()));
        else putInPlace(${JSON.stringify(CHANGES)});`,
      resolveDir: process.cwd(),
    },
    bundle: true,
    platform: "node",
    outfile: program,
    logLevel: "error",
  });
  // Ends the process at the n-th call that changes a disk, a write half done.
  writeFileSync(
    killer,
    `const fs = require("node:fs");
    let left = Number(process.env.KILL_AT);
    for (const name of ["mkdirSync", "openSync", "writeFileSync", "fchmodSync", "fsyncSync", "renameSync", "rmSync"]) {
      const real = fs[name];
      fs[name] = (...args) => {
        if (globalThis.isCounted && --left === 0) {
          if (name === "writeFileSync") real(args[0], args[1].slice(0, args[1].length / 2));
          process.kill(process.pid, "SIGKILL");
        }
        return real(...args);
      };
    }`,
  );
});

/** A checkout as it is before, and a run in it that is killed at its n-th change; whether it came that far. */
async function killedAt(n: number): Promise<{ root: string; isKilled: boolean }> {
  const root = mkdtempSync(join(folder, "root-"));
  for (const [file, text] of Object.entries(OLD)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  return { root, isKilled: (await run(root, n)).signal === "SIGKILL" };
}
const run = (cwd: string, killAt: number, ...args: string[]) =>
  execa("node", ["-r", killer, program, ...args], { cwd, env: { KILL_AT: `${killAt}` }, reject: false });

/** Every file of a checkout but what is kept aside, with its text. */
const filesOf = (root: string): Record<string, string> =>
  Object.fromEntries(
    (readdirSync(root, { recursive: true }) as string[])
      .filter((file) => !file.startsWith(UNFINISHED) && statSync(join(root, file)).isFile())
      .map((file) => [file, readFileSync(join(root, file), "utf8")]),
  );
const noLeftovers = (files: Record<string, string>) =>
  Object.fromEntries(Object.entries(files).filter(([file]) => !/(^|\/)\.\d+\./.test(file)));
/** What is kept aside. */
const asides = (root: string): string[] => readdirSync(root).filter((name) => name.startsWith(UNFINISHED));

/** Results for every n up to the first run that is not killed, some at a time. */
async function everyKill<T>(of: (n: number) => Promise<T | undefined>): Promise<T[]> {
  const results: T[] = [];
  for (let from = 1; ; from += 8) {
    const some = await pMap(
      Array.from({ length: 8 }, (_, i) => from + i),
      of,
      { concurrency: 4 },
    );
    for (const one of some) {
      if (one === undefined) return results;
      results.push(one);
    }
  }
}

test("not stopped, all is in place, keys for their owner alone, and nothing is left aside", async () => {
  const { root, isKilled } = await killedAt(0);
  expect([isKilled, filesOf(root), asides(root)]).toEqual([false, NEW, []]);
  expect(statSync(join(root, ".secrets")).mode & 0o777).toBe(0o700);
  expect(statSync(join(root, ".secrets/b.key")).mode & 0o777).toBe(0o600);
});

test("killed at any write, nothing has changed, or the next run does the rest; between them nothing is believed", async () => {
  const outcomes = await everyKill(async (n) => {
    const { root, isKilled } = await killedAt(n);
    if (!isKilled) return undefined;
    const isDecided = existsSync(join(root, UNFINISHED));
    const found = filesOf(root);
    // Without the mark that synth refuses, it is the one or the other.
    if (!isDecided) expect([OLD, NEW], `at ${n}`).toContainEqual(noLeftovers(found));
    const outcome = isDecided ? "decided" : found["config/base.ts"] === "new base" ? "new" : "old";
    const finished = await run(root, 0, "finish");
    expect(JSON.parse(finished.stdout), `at ${n}`).toEqual(isDecided ? CHANGES.map(({ file }) => file) : []);
    expect(filesOf(root), `at ${n}`).toEqual(outcome === "old" ? OLD : NEW);
    expect(asides(root), `at ${n}`).toEqual([]);
    return outcome;
  });
  // It was stopped before, in the middle and after, in this order.
  expect([...new Set(outcomes)]).toEqual(["old", "decided", "new"]);
  expect(outcomes.filter((outcome) => outcome === "decided").length).toBeGreaterThan(20);
}, 300_000);

test("killed while it does the rest, the run after that does it", async () => {
  const list = CHANGES.map((change, i) => ({
    file: change.file,
    mode: change.mode,
    content: "text" in change ? `${i}` : null,
  }));
  const kills = await everyKill(async (n) => {
    const { root } = await killedAt(1);
    mkdirSync(join(root, UNFINISHED));
    CHANGES.forEach((change, i) => {
      if ("text" in change) writeFileSync(join(root, UNFINISHED, `${i}`), change.text);
    });
    writeFileSync(join(root, UNFINISHED, "files.json"), JSON.stringify(list));
    const isKilled = (await run(root, n, "finish")).signal === "SIGKILL";
    await run(root, 0, "finish");
    expect(filesOf(root), `at ${n}`).toEqual(NEW);
    expect(asides(root), `at ${n}`).toEqual([]);
    return isKilled || undefined;
  });
  expect(kills.length).toBeGreaterThan(20);
}, 300_000);

test("a folder of that name that is something else is refused, and nothing is touched", async () => {
  const { root } = await killedAt(1);
  mkdirSync(join(root, UNFINISHED));
  writeFileSync(join(root, UNFINISHED, "files.json"), "{}");
  for (const [args, said] of [
    [["finish"], ".init is not what init leaves behind"],
    [[], "another run is putting files in place"],
  ] as const) {
    const { stderr, exitCode } = await run(root, 0, ...args);
    expect(stderr).toContain(said);
    expect([exitCode, filesOf(root)]).toEqual([1, OLD]);
  }
});
