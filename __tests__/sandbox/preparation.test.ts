import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, test, vi } from "vitest";
import { cached } from "../../lib/cache.ts";
import { type Artifact, prepare, requirePreparable } from "../../sandbox/programs/preparation.ts";

let made: string[];
let said: string[];

beforeEach(() => {
  vi.stubEnv("OLYMPUS_PREPARED", "");
  vi.stubEnv("OLYMPUS_CACHE_DIR", mkdtempSync(join(tmpdir(), "olympus-cache-")));
  made = [];
  said = [];
});

const artifact = (name: string, seconds: number, megabytes: number): Artifact => ({
  name,
  seconds,
  megabytes,
  make: () =>
    cached("things", name, async () => {
      made.push(name);
    }),
});
const PROVIDER = artifact("provider", 47, 30);
const KRATOS = artifact("kratos", 98, 51);
const CADDY = artifact("caddy", 142, 56);

const run = async (...artifacts: Artifact[]) => {
  said = [];
  await prepare({ purpose: "a test", needs: { tools: [], programs: [] }, artifacts }, (line) =>
    said.push(line),
  );
};

test("is silent when nothing is missing", async () => {
  await run(PROVIDER, KRATOS);
  await run(KRATOS, PROVIDER);
  expect(said).toEqual([]);
  expect(made).toEqual(["provider", "kratos"]);
});

test("after a smaller preparation, names what is still missing, with its minutes and megabytes", async () => {
  await run(PROVIDER);
  await run(PROVIDER, KRATOS, CADDY);
  expect(said).toEqual([
    "once on this machine: kratos, caddy",
    expect.stringMatching(/^about 4 min of work .*; 107 MB in /),
  ]);
  expect(made).toEqual(["provider", "kratos", "caddy"]);
});

test("names an artifact that needs a missing one, and makes each once", async () => {
  const images: Artifact = {
    ...artifact("images", 30, 700),
    async make(progress) {
      await KRATOS.make(progress);
      return cached("images", "all", async () => {
        made.push("images");
      });
    },
  };
  await run(images);
  expect(said[0]).toBe("once on this machine: images");
  expect(made).toEqual(["kratos", "images"]);
});

test("an artifact that fails is named before its error", async () => {
  const broken = { ...KRATOS, make: () => Promise.reject(new Error("compiler says no")) };
  await expect(run(broken)).rejects.toThrow("compiler says no");
  expect(said[0]).toBe("once on this machine: kratos");
});

test("what the computer lacks is said before anything is made, of all preparations in one list", async () => {
  const lacking = (purpose: string, tool: "nft" | "jq") => ({
    purpose,
    needs: { tools: [tool], programs: [] },
    artifacts: [KRATOS],
  });
  vi.stubEnv("PATH", "/nowhere");
  vi.spyOn(process, "getuid").mockReturnValue(1000);
  const machines = { ...lacking("machines", "nft"), artifacts: [{ ...KRATOS, megabytes: 1e12 }] };
  const asked = requirePreparable([machines, lacking("containers", "jq")]);
  await expect(asked).rejects.toThrow(/^This computer lacks for machines and containers;[\s\S]*disk/);
  await expect(prepare(machines, (line) => said.push(line))).rejects.toThrow("This computer lacks");
  expect([made, said]).toEqual([[], []]);
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

test("a compiler is needed for what is still to be built, and for nothing else", async () => {
  vi.stubEnv("PATH", "/nowhere");
  const needs = { tools: [], programs: ["go"] } as const;
  const built = { purpose: "a test", needs, artifacts: [{ ...KRATOS, needsGo: true }] };
  await expect(requirePreparable([built])).rejects.toThrow("go 1.26 or later");
  await expect(requirePreparable([{ ...built, artifacts: [KRATOS] }])).resolves.toHaveLength(1);
  vi.unstubAllEnvs();
});
