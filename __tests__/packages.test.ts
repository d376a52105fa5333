import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { ALL_SOURCES, imports, type Sources, targets } from "./support/sources.ts";

const dependencies = z.record(z.string(), z.string()).default({});
const manifest = z.looseObject({
  private: z.literal(true),
  version: z.string().regex(/^\d+\.\d+\.\d+$/),
  license: z.string().min(1),
  dependencies,
  devDependencies: dependencies,
});
const read = (folder: string) => manifest.parse(JSON.parse(readFileSync(`${folder}/package.json`, "utf8")));

const FOLDERS = ["lib", ...readdirSync("packages").map((name) => `packages/${name}`)];
const root = read(".");

/** What a package's tests may use of the checkout: programs that were prepared, and the version that the product pins. */
const PREPARED = /^(sandbox\/(programs|terraform)\/|config\/load\/provider-versions\.ts$)/;

const testsBeyondTheirPackage = (sources: Sources): string[] =>
  [...sources].flatMap(([file, text]) => {
    const own = /^packages\/[^/]+\/(?=__tests__\/)/.exec(file)?.[0];
    if (!own) return [];
    return imports(text)
      .filter((name) => name.startsWith("."))
      .flatMap((name) => targets(file, `import "${name}"`))
      .filter((target) => !target.startsWith(own) && !PREPARED.test(target))
      .map((target) => `${file} -> ${target}`);
  });

describe("a package's tests stay with it", () => {
  test("all do", () => {
    expect(testsBeyondTheirPackage(ALL_SOURCES)).toEqual([]);
  });

  test.each(["../../../config/base.ts", "../../cloudflare-emulator/__tests__/account.ts"])(
    "one that reaches for %s is found",
    (target) => {
      const file = "packages/hetzner-emulator/__tests__/client.ts";
      const planted = new Map([[file, `import "${target}";`]]);
      expect(testsBeyondTheirPackage(planted)).toHaveLength(1);
    },
  );
});

describe.each(FOLDERS)("%s", (folder) => {
  const own = read(folder);

  test("pins what it needs exactly, and as the others do", () => {
    const shared = { ...root.devDependencies, ...root.dependencies };
    for (const [name, version] of Object.entries({ ...own.devDependencies, ...own.dependencies })) {
      expect(version, name).toMatch(/^\d+\.\d+\.\d+$/);
      expect(version, name).toBe(shared[name] ?? version);
    }
  });
});

test.each(FOLDERS.filter((folder) => folder !== "lib"))("%s says in a README what it is", (folder) => {
  expect(existsSync(`${folder}/README.md`)).toBe(true);
});
