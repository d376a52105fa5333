import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, test } from "vitest";

/** Who may know whom. Data flows one way: config -> constructs and host -> stacks -> parity judges plain JSON -> main. */
const KNOWS: Record<string, readonly string[]> = {
  config: [],
  parity: [],
  host: ["config"],
  constructs: ["config", "host"],
  stacks: ["config", "host", "constructs", "parity"],
  sandbox: ["config", "host", "stacks/pins.ts"],
  scripts: ["config", "host", "parity", "sandbox", "stacks/names.ts"],
};
/** Packages that only some parts may load. */
const LOADS_CDKTF = ["constructs", "stacks"];

const files = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((file) => join(folder, file))
    .filter((file) => file.endsWith(".ts") && !file.includes("node_modules"));

const imports = (file: string): string[] =>
  [
    ...readFileSync(file, "utf8").matchAll(/^(?:import|export)\s[^;]*?from "([^"]+)"|import\("([^"]+)"\)/gm),
  ].map((m) => m[1] ?? m[2] ?? "");

test.each(Object.entries(KNOWS))("%s knows only what it may", (part, known) => {
  const strays = files(part).flatMap((file) =>
    imports(file)
      .filter((name) => name.startsWith("."))
      .map((name) => relative(".", join(dirname(file), name)))
      .filter(
        (target) =>
          ![part, ...known].some((allowed) => target === allowed || target.startsWith(`${allowed}/`)),
      )
      .map((target) => `${file} -> ${target}`),
  );
  expect(strays).toEqual([]);
});

test("only constructs and stacks load cdktf", () => {
  const strays = Object.keys(KNOWS)
    .filter((part) => !LOADS_CDKTF.includes(part))
    .flatMap(files)
    .filter((file) => imports(file).some((name) => /^(cdktf|constructs|@cdktf\/provider-)/.test(name)));
  expect(strays).toEqual([]);
});

test("provider resources are imported by their own path, in the two files that name them", () => {
  const importing = Object.keys(KNOWS)
    .flatMap(files)
    .filter((file) => imports(file).some((name) => name.startsWith("@cdktf/provider-")));
  expect(importing.sort()).toEqual(["constructs/cloudflare.ts", "constructs/hcloud.ts"]);
  for (const name of importing.flatMap(imports)) expect(name).toMatch(/\/lib\/[a-z-]+\/index\.js$/);
});

test("no file asks which environment it is in", () => {
  const asking = ["constructs", "stacks", "host"]
    .flatMap(files)
    .filter((file) => /(===|!==|case) *["'](prod|production|staging)["']/.test(readFileSync(file, "utf8")));
  expect(asking).toEqual([]);
});
