import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execaSync } from "execa";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { MACHINE_NEEDS, type MachineNeeds, machineLacks, requireMachine } from "../../lib/machine-needs.ts";
import type { Tool } from "../../lib/machine-tools.ts";

const os = vi.hoisted(() => ({ memory: 8e9 }));
// Of the computer that runs the tests: what ordinary users' PATH does not lead to, and files that are looked for by their path.
const AARDVARK = "/usr/lib/podman/aardvark-dns";
vi.mock("../../lib/process-env.ts", async (original) => {
  const real = await original<typeof import("../../lib/process-env.ts")>();
  const childEnvironment = (changes: Record<string, string>) =>
    real.childEnvironment({ ...changes, PATH: changes.PATH?.replace(/:\/usr.*/, `:${folder}/sbin`) });
  return { ...real, childEnvironment };
});
vi.mock("node:fs", async (original) => {
  const real = await original<typeof import("node:fs")>();
  const existsSync = (path: string) => real.existsSync(path === AARDVARK ? join(folder, "aardvark") : path);
  return { ...real, existsSync };
});
vi.mock("node:os", async (original) => ({
  ...(await original<typeof import("node:os")>()),
  totalmem: () => os.memory,
}));

let folder: string;
/** A computer that has these programs and no other. */
const computer = (programs: Readonly<Record<string, string>>) => {
  for (const [name, prints] of Object.entries({ apt: "", ...programs }))
    writeFileSync(join(folder, "bin", name), `#!/bin/sh\necho '${prints}'\n`, { mode: 0o755 });
};
/** Every program of a package that anything needs. */
const TOOLS = [
  ...new Set(Object.values(MACHINE_NEEDS).flatMap(({ tools }): readonly Tool[] => tools)),
].filter((tool) => tool !== AARDVARK);
const WHOLE = {
  node: "v24.1.0",
  terraform: "Terraform v1.10.5",
  go: "go version go1.26.0 linux/amd64",
  ...Object.fromEntries(TOOLS.map((name) => [name, ""])),
};
const NONE: MachineNeeds = { tools: [], programs: [] };
const OPERATE: MachineNeeds = { ...MACHINE_NEEDS.operate, programs: ["node", "terraform", "go"] };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "olympus-needs-"));
  mkdirSync(join(folder, "bin"));
  writeFileSync(join(folder, "aardvark"), "");
  symlinkSync(execaSync("which", ["sh"]).stdout, join(folder, "bin", "sh"));
  vi.stubEnv("PATH", join(folder, "bin"));
  vi.stubEnv("OLYMPUS_CACHE_DIR", join(folder, "cache"));
  os.memory = 8e9;
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

test("a computer that has everything lacks nothing", async () => {
  computer(WHOLE);
  expect(await machineLacks({ ...OPERATE, memoryGb: 4, diskMb: 1 })).toEqual([]);
});

describe("each lack is found alone, and named with what brings it", () => {
  test.each<[string, () => void, MachineNeeds, what: RegExp, remedy: RegExp]>([
    ["no Go", () => rm("go"), OPERATE, /^go 1\.26 or later$/, /go\.dev\/dl/],
    [
      "an old Go",
      () => computer({ go: "go version go1.19.8 linux/amd64" }),
      OPERATE,
      /this is 1\.19$/,
      /go\.dev/,
    ],
    ["no Terraform", () => rm("terraform"), OPERATE, /^terraform 1\.10 or later$/, /opentofu/],
    [
      "an old Terraform",
      () => computer({ terraform: "Terraform v1.5.7" }),
      OPERATE,
      /this is 1\.5$/,
      /terraform/,
    ],
    ["an old Node", () => computer({ node: "v18.20.4" }), OPERATE, /^node 20\.9 .* 18\.20$/, /nodejs\.org/],
    [
      "a Node that is too old for the tests alone",
      () => computer({ node: "v20.9.0" }),
      { ...NONE, programs: ["node for tests"] },
      /^node 20\.19 /,
      /nodejs\.org/,
    ],
    [
      "too little memory",
      () => (os.memory = 2e9),
      { ...NONE, memoryGb: 4 },
      /^memory: 2\.0 GB, 4 GB/,
      /more memory/,
    ],
    [
      "too little disk",
      () => undefined,
      { ...NONE, diskMb: 1e12 },
      /^disk: .* are needed$/,
      /OLYMPUS_CACHE_DIR/,
    ],
    [
      "a cache that cannot be written",
      () => vi.stubEnv("OLYMPUS_CACHE_DIR", "/dev/null/olympus"),
      NONE,
      /^a folder .*: \/dev\/null\/olympus cannot be written$/,
      /HOME=/,
    ],
  ])("%s", async (_, plant, needs, what, remedy) => {
    computer(WHOLE);
    plant();
    expect(await machineLacks(needs)).toEqual([
      { what: expect.stringMatching(what), remedy: expect.stringMatching(remedy) },
    ]);
  });

  test("no root", async () => {
    vi.spyOn(process, "getuid").mockReturnValue(1000);
    expect(await machineLacks({ ...NONE, root: true })).toEqual([
      { what: "root", remedy: expect.stringContaining("sudo ENV=staging") },
    ]);
  });

  test.each(TOOLS)("no %s", async (tool) => {
    computer(WHOLE);
    rm(tool);
    expect(await machineLacks({ ...NONE, tools: TOOLS })).toEqual([
      { what: tool, remedy: expect.stringMatching(/^sudo apt-get install -y --no-install-recommends [a-z]/) },
    ]);
  });

  test("Podman without aardvark-dns", async () => {
    computer(WHOLE);
    rmSync(join(folder, "aardvark"));
    expect(await machineLacks({ ...NONE, tools: MACHINE_NEEDS.local.tools })).toEqual([
      { what: AARDVARK, remedy: expect.stringMatching(/aardvark-dns netavark$/) },
    ]);
  });

  test("a program where an ordinary user's PATH does not lead is none", async () => {
    computer(WHOLE);
    mkdirSync(join(folder, "sbin"));
    renameSync(join(folder, "bin", "nft"), join(folder, "sbin", "nft"));
    expect(await machineLacks({ ...NONE, tools: TOOLS })).toEqual([]);
  });
});

test("all of it is said at once, before anything is begun", async () => {
  computer({});
  vi.spyOn(process, "getuid").mockReturnValue(1000);
  const asked = requireMachine("machines", { ...OPERATE, root: true, diskMb: 1e12 });
  await expect(asked).rejects.toThrow(
    /^This computer lacks for machines; nothing was started:\n {2}root\n[\s\S]*node 20\.9[\s\S]*terraform[\s\S]*go 1\.26[\s\S]*git, gh, ssh, ssh-keygen, ssh-keyscan\n[\s\S]*disk/,
  );
});

test("what a package brings is not a lack where this process installs packages", async () => {
  computer({ ...WHOLE, "apt-get": "" });
  rm("jq");
  vi.spyOn(process, "getuid").mockReturnValue(0);
  const needs: MachineNeeds = { ...NONE, tools: ["jq"] };
  expect([await machineLacks(needs, true), (await machineLacks(needs)).length]).toEqual([[], 1]);
  vi.spyOn(process, "getuid").mockReturnValue(1000);
  expect((await machineLacks(needs, true)).length).toBe(1);
});

const rm = (name: string) => {
  chmodSync(join(folder, "bin", name), 0o644);
  rmSync(join(folder, "bin", name));
};
