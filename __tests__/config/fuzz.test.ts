import { expect, test } from "vitest";
import { loadFleet } from "../../config/index.ts";
import { ConfigError } from "../../config/load/problems.ts";
import type { ConfigSource } from "../../config/load/source.ts";
import { environmentFile } from "../../host/environment-file.ts";
import { valueFile } from "../../host/values.ts";
import { base } from "../support/fleet/base.ts";
import { prod } from "../support/fleet/prod.ts";
import { fixture } from "../support/fleet/source.ts";
import { staging } from "../support/fleet/staging.ts";

type Path = readonly PropertyKey[];

const circle: Record<string, unknown> = {};
circle.circle = circle;

/** What a slip, a wrong import or a script may leave in the place of a value. */
const ODD: readonly (readonly [name: string, value: unknown])[] = [
  ["undefined", undefined],
  ["null", null],
  ["an empty object", {}],
  ["an empty list", []],
  ["an empty string", ""],
  ["a string that no line holds", "a\nb\u0000"],
  ["a long string", "x".repeat(1000)],
  ["0", 0],
  ["NaN", Number.NaN],
  ["a BigInt", 1n],
  ["a symbol", Symbol("x")],
  ["a function", () => "x"],
  ["a date", new Date(0)],
  ["a circle", circle],
  ["an object without a prototype", Object.create(null)],
  ["an object of odd keys", { __proto__x: 1, "": 2, "a.b": 3 }],
];

/** Every leaf and every branch, the top too. */
function* paths(value: unknown, path: Path = []): Generator<Path> {
  yield path;
  if (value === null || typeof value !== "object") return;
  for (const [key, child] of Object.entries(value))
    yield* paths(child, [...path, Array.isArray(value) ? Number(key) : key]);
}

function replaced(value: unknown, [key, ...rest]: Path, by: unknown): unknown {
  if (key === undefined) return by;
  const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<PropertyKey, unknown>;
  copy[key] = replaced(copy[key], rest, by);
  return copy;
}

const FILES: readonly (readonly [name: string, value: unknown, into: (value: unknown) => ConfigSource])[] = [
  ["config/base.ts", base, (value) => ({ ...fixture, base: value })],
  ["config/prod.ts", prod, (value) => ({ ...fixture, reference: ["prod", value] })],
  ["config/staging.ts", staging, (value) => ({ ...fixture, mirrors: [["staging", value]] })],
  [
    "config/images.lock.json",
    { "a:1": `sha256:${"0".repeat(64)}` },
    (value) => ({ ...fixture, imageLock: value }),
  ],
];

test.each(FILES)(
  "%s: whatever stands anywhere is loaded or is a readable problem",
  (file, value, into) => {
    const crashes: string[] = [];
    let count = 0;
    for (const path of paths(value))
      for (const [name, odd] of ODD) {
        count++;
        try {
          const { reference, mirrors } = loadFleet(into(replaced(value, path, odd)), {});
          for (const { environment } of [reference, ...mirrors]) valueFile(environmentFile(environment));
        } catch (error) {
          const at = `${path.map(String).join(".")} is ${name}`;
          if (!(error instanceof ConfigError)) crashes.push(`${at}: ${error}`);
          else
            for (const { path: where, value: found, allowed, remedy } of error.problems)
              if (
                [where, found, allowed, remedy].some(
                  (words) => words === "" || /\[object|undefined,/.test(words),
                )
              )
                crashes.push(`${at}: ${JSON.stringify({ where, found, allowed, remedy })}`);
        }
      }
    expect(crashes, file).toEqual([]);
    expect(count).toBeGreaterThan(30);
  },
  120_000,
);
