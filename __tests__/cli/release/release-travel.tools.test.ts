import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { contents, environmentContents } from "../../../cli/release/contents.ts";
import { releasePlan } from "../../../cli/release/plan.ts";
import { archive } from "../../../cli/shared/archive.ts";
import { fingerprint, learnHostKey } from "../../../cli/shared/host-key.ts";
import { parseFacts } from "../../../cli/shared/machine-facts.ts";
import { newLock } from "../../../cli/shared/machine-lock.ts";
import { asRoot, quote } from "../../../cli/shared/ssh.ts";
import { fixtureFleet } from "../../support/fleet/fleet.ts";

const fleet = fixtureFleet();
const { environment: prod } = fleet.reference;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "olympus-travel-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("what travels", () => {
  test("prod and staging differ in the plain values and in units that only staging has", () => {
    const paths = (env: typeof prod) => environmentContents(env).files.map(({ path }) => path);
    const staging = fleet.mirrors[0]?.environment ?? prod;
    expect(paths(staging).filter((path) => !paths(prod).includes(path))).toEqual([
      "systemd/olympus-logins.service",
      "systemd/olympus-logins.timer",
    ]);
    expect(environmentContents(prod).hash).toBe(environmentContents(prod).hash);
    expect(environmentContents(prod).hash).not.toBe(environmentContents(staging).hash);
  });

  test("every path, mode and byte counts, the order does not", () => {
    const file = { path: "a", content: "1", mode: 0o644 } as const;
    const other = { path: "b", content: "2", mode: 0o644 } as const;
    const { hash } = contents([file, other]);
    expect(contents([other, file]).hash).toBe(hash);
    for (const changed of [{ path: "c" }, { content: "3" }, { mode: 0o755 as const }])
      expect(contents([{ ...file, ...changed }, other]).hash).not.toBe(hash);
    expect(() => contents([file, file])).toThrow("a is in the release twice");
  });

  test.each([
    ["whole", "true", 0],
    ["with a changed byte", "printf x >>olympus.env", 1],
    ["with a file missing", "rm olympus.env", 1],
    ["with a file too many", "touch stranger", 1],
    ["with another manifest", "echo >>SHA256SUMS", 1],
  ])("a release that arrives %s is seen as such by the plan's own command", async (_, damage, expected) => {
    const sent = environmentContents(prod);
    writeFileSync(join(folder, "release.tar"), await archive(sent.files, new Date(0)));
    execFileSync("sh", ["-ec", `mkdir r; tar -xf release.tar -C r; cd r; ${damage}`], { cwd: folder });
    const verify = releasePlan(parseFacts(""), sent, new Date()).steps.find(({ name }) => name === "verify");
    const script = verify?.command.replace(/^cd .*$/m, `cd ${folder}/r`) ?? "false";
    expect(spawnSync("sh", ["-euc", script]).status === 0 ? 0 : 1).toBe(expected);
  });
});

describe("the way there", () => {
  test("any text passes a shell as one word", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme" }).filter((text) => !text.includes("\0")),
        (text) => {
          expect(execFileSync("sh", ["-c", `printf %s ${quote(text)}`]).toString()).toBe(text);
        },
      ),
      { numRuns: 40 },
    );
  });

  test("a command stops at its first failure", () => {
    const ended = spawnSync("sh", ["-c", asRoot("false\necho on").replace(/^sudo /, "")]);
    expect(ended.stdout.toString()).toBe("");
    expect(ended.status).toBe(1);
  });

  test("the lock names its run and its holder, and a fenced command asks for that run", () => {
    const lock = newLock("run-1", "o'hara@laptop");
    expect(lock.hold).toContain(`echo 'run-1' 'o'\\''hara@laptop' "since`);
    expect(lock.fence("true")).toContain("^run-1 ");
  });

  const KEY = "10.0.0.1 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINC6p0Yu4SEtOVLkgo8SHoLHtQNP651kIJHm2fIRJsDk";

  test("a fingerprint is what ssh-keygen prints", () => {
    const printed = execFileSync("ssh-keygen", ["-lf", "-"], {
      input: KEY.replace("10.0.0.1 ", ""),
    });
    expect(printed.toString()).toContain(` ${fingerprint(KEY)} `);
  });

  test("a known machine is not asked again", async () => {
    const file = join(folder, "known_hosts");
    writeFileSync(file, `${KEY}\n`);
    await learnHostKey(file, "10.0.0.1", 22, {});
    await learnHostKey(file, "10.0.0.1", 22, { hostKey: fingerprint(KEY) });
  });
});
