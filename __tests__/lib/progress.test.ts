import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { keepDuration, lastDuration } from "../../lib/durations.ts";
import { silenceProgress, stderrProgress, step } from "../../lib/progress.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "olympus-durations-"));
  vi.stubEnv("OLYMPUS_CACHE_DIR", folder);
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

/** The lines of work that takes so many seconds. */
async function linesOf(seconds: number, label = "build it"): Promise<string[]> {
  const lines: string[] = [];
  const work = step(
    (line) => lines.push(line),
    label,
    () => new Promise((done) => setTimeout(done, seconds * 1000)),
  );
  await vi.advanceTimersByTimeAsync(seconds * 1000);
  await work;
  return lines;
}

describe("progress of long work", () => {
  test("says when it begins and how long it took", async () => {
    expect(await linesOf(2)).toEqual(["build it ...", "build it: 2.0 s"]);
  });

  test("says that it still runs, ever more rarely, and at least every two minutes", async () => {
    const after = (await linesOf(700)).slice(1, -1).map((line) => Number(/after ([\d.]+) s/.exec(line)?.[1]));
    expect(after).toEqual([15, 30, 60, 120, 240, 360, 480, 600]);
  });

  test("says the next time how long it took the last time", async () => {
    await linesOf(4);
    expect((await linesOf(5))[0]).toBe("build it ... (last time 4.0 s)");
    expect((await linesOf(1))[0]).toBe("build it ... (last time 5.0 s)");
    expect((await linesOf(4, "another"))[0]).toBe("another ...");
  });

  test("keeps nothing of work that failed", async () => {
    vi.useRealTimers();
    await expect(
      step(
        () => undefined,
        "fails",
        () => Promise.reject(new Error("no")),
      ),
    ).rejects.toThrow("no");
    expect(lastDuration("fails")).toBeUndefined();
  });
});

describe("durations", () => {
  test.each(["", "{", "[1]", '{"a":"x"}', '{"a":-1}', "null"])("a file that holds %s is none", (text) => {
    writeFileSync(join(folder, "durations.json"), text);
    expect(lastDuration("a")).toBeUndefined();
    keepDuration("b", 5000);
    expect(lastDuration("b")).toBe(5000);
  });

  test("what cannot be kept stops nothing", () => {
    writeFileSync(join(folder, "file"), "");
    vi.stubEnv("OLYMPUS_CACHE_DIR", join(folder, "file"));
    expect(() => keepDuration("a", 5000)).not.toThrow();
    expect(lastDuration("a")).toBeUndefined();
  });

  test("short work is not kept", () => {
    keepDuration("a", 100);
    expect(() => readFileSync(join(folder, "durations.json"))).toThrow();
  });
});

test("told to be quiet, it says nothing for the rest of the process", () => {
  const write = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  stderrProgress("before");
  silenceProgress();
  stderrProgress("after");
  expect(write.mock.calls.map(([text]) => String(text))).toEqual([expect.stringContaining("before")]);
  write.mockRestore();
});
