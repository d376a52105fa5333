import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { compareVersions, fixedVersion, isAffected } from "../../../cli/delivery/advisories/affected.ts";
import type { Advisory } from "../../../cli/delivery/advisories/osv.ts";
import { readPins } from "../../../cli/delivery/advisories/pins.ts";
import { edgeBases, images } from "../../../config/images.ts";
import { TRACKED } from "../../support/sources.ts";

describe("pins are all there is", () => {
  const { pins, uncovered } = readPins();
  const names = (file: RegExp) =>
    [...pins, ...uncovered].filter((pin) => file.test(pin.file)).map(({ name }) => name);

  test("every image, with the bases of our own", () => {
    const bases = Object.values(edgeBases).map(({ name }) => name);
    expect(names(/^config\/images/).sort()).toEqual([...Object.keys(images), ...bases].sort());
  });
  test("every package that npm installs", () => {
    const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8"));
    const installed = Object.entries<{ name?: string; version?: string; link?: boolean }>(packages)
      .filter(([path, { link }]) => path.includes("node_modules/") && !link)
      .map(([path, entry]) => `${entry.name ?? path.split("node_modules/").at(-1)} ${entry.version}`);
    const found = pins.filter(({ file }) => file === "package-lock.json");
    expect(found.map(({ name, version }) => `${name} ${version}`).sort()).toEqual(
      [...new Set(installed)].sort(),
    );
  });
  test("every module of the edge", () => {
    const required = readFileSync("host/edge/go.mod", "utf8").match(/ v\d\S*/g) ?? [];
    expect(names(/go\.mod$/).length).toBe(required.length);
  });
  test("every action", () => {
    const used = new Set<string>();
    const walk = (value: unknown): void => {
      if (typeof value !== "object" || value === null) return;
      for (const [key, child] of Object.entries(value))
        if (key === "uses" && typeof child === "string" && !child.startsWith("./"))
          used.add(child.split("@")[0] ?? "");
        else walk(child);
    };
    for (const file of TRACKED.filter((name) => /^\.github\/.*\.ya?ml$/.test(name)))
      walk(parse(readFileSync(file, "utf8")));
    expect(used.size).toBeGreaterThan(3);
    const found = names(/^\.github/).filter((name) => name !== "terraform");
    expect([...new Set(found)].sort()).toEqual([...used].sort());
    expect(uncovered.filter(({ file }) => file.startsWith(".github"))).toEqual([]);
  });
});

describe("a version", () => {
  const wanted = { ecosystem: "GitHub Actions", name: "a/b", version: "4.1.2" } as const;
  const advisory = (affected: object): Advisory =>
    ({
      affected: [
        { package: { ecosystem: "GitHub Actions", name: "a/b" }, ranges: [], versions: [], ...affected },
      ],
    }) as unknown as Advisory;
  const events = (...list: object[]) => ({ ranges: [{ type: "ECOSYSTEM", events: list }] });

  test.each([
    ["2", "10", -1],
    ["v1.2.0", "1.2", 0],
    ["1.0.0-rc.1", "1.0.0", -1],
    ["26.2.0", "1.9.9", 1],
  ])("%s against %s", (a, b, sign) => {
    expect(Math.sign(compareVersions(a, b))).toBe(sign);
  });
  test.each<[string, object, boolean]>([
    ["before the fix", events({ introduced: "4.0.0" }, { fixed: "4.1.3" }), true],
    ["the fix itself", events({ introduced: "0" }, { fixed: "4.1.2" }), false],
    ["before all", events({ introduced: "5.0.0" }), false],
    ["the last affected", events({ introduced: "0" }, { last_affected: "4.1.2" }), true],
    ["after the last affected", events({ introduced: "0" }, { last_affected: "4.1.1" }), false],
    ["affected again", events({ introduced: "0" }, { fixed: "3.0.0" }, { introduced: "4.1.0" }), true],
    ["named", { versions: ["v4.1.2"] }, true],
    ["not named", { versions: ["v4.1.3"] }, false],
    ["of which nothing is said", {}, true],
    ["of another package", { package: { ecosystem: "GitHub Actions", name: "a/c" } }, false],
  ])("%s", (_, affected, expected) => {
    expect(isAffected(advisory(affected), wanted)).toBe(expected);
  });
  test("is fixed by the first fix after it", () => {
    const two = advisory(
      events({ introduced: "0" }, { fixed: "3.0.0" }, { introduced: "4.0.0" }, { fixed: "4.10.0" }),
    );
    expect(fixedVersion(two, wanted)).toBe("4.10.0");
  });
});
