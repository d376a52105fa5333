import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, expect, test } from "vitest";
import { writeAtomically } from "../../lib/files.ts";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "olympus-files-"));
  file = join(folder, "state.json");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const mode = () => statSync(file).mode & 0o777;

test("the file is there with the mode that was asked for, and nothing beside it", () => {
  const umask = process.umask(0o077);
  try {
    writeAtomically(file, "one");
    expect([readFileSync(file, "utf8"), mode()]).toEqual(["one", 0o644]);
    writeAtomically(file, "two", 0o600);
    expect([readFileSync(file, "utf8"), mode(), readdirSync(folder)]).toEqual(["two", 0o600, ["state.json"]]);
  } finally {
    process.umask(umask);
  }
});

test("an error leaves the old content and nothing beside it", () => {
  writeAtomically(file, "old");
  expect(() => writeAtomically(file, undefined as unknown as string)).toThrow();
  expect([readFileSync(file, "utf8"), readdirSync(folder)]).toEqual(["old", ["state.json"]]);
});

/** Writes "new" in a process that is killed when it calls this function of node:fs. */
const killedAt = (call: string) =>
  execa(
    process.execPath,
    [
      ...["--import", "tsx", "--input-type=module", "--eval"],
      `import fs from "node:fs";
      import { syncBuiltinESMExports } from "node:module";
      const { writeAtomically } = await import("${join(process.cwd(), "lib/files.ts")}");
      fs.${call} = () => process.kill(process.pid, "SIGKILL");
      syncBuiltinESMExports();
      writeAtomically(process.argv[1], "new");`,
      file,
    ],
    { reject: false },
  );

test.each(["writeFileSync", "fsyncSync", "renameSync"])(
  "a kill at %s leaves the old content, and the next write sweeps",
  async (call) => {
    writeAtomically(file, "old");
    writeFileSync(join(folder, `.${process.ppid}.state.json`), "of a process that runs");
    expect((await killedAt(call)).signal).toBe("SIGKILL");
    expect(readFileSync(file, "utf8")).toBe("old");
    expect(readdirSync(folder)).toHaveLength(3);
    writeAtomically(file, "newer");
    expect(readFileSync(file, "utf8")).toBe("newer");
    expect(readdirSync(folder).sort()).toEqual([`.${process.ppid}.state.json`, "state.json"]);
  },
);
