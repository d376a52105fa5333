import { expect, test } from "vitest";
import { loadFleet } from "../../config/index.ts";
import { evaluateParity } from "../../parity/experiment.ts";
import type { Json, Leaf } from "../../parity/json.ts";
import type { Rendering } from "../../parity/rendering.ts";
import { experiment } from "../../stacks/rendering.ts";

const fleet = loadFleet();
const [staging] = fleet.mirrors;
if (!staging) throw new Error("the shipped fleet has a mirror");
const real = experiment(fleet, staging);

type Keys = readonly string[];

/** Every leaf that is compared, by its keys. */
function* leafKeys(value: Json, keys: Keys = []): Generator<Keys> {
  if (keys.at(-1) === "//" || keys.join(".") === "stack.terraform.backend") return;
  const children = value !== null && typeof value === "object" ? Object.entries(value) : [];
  if (children.length === 0) yield keys;
  for (const [key, child] of children) yield* leafKeys(child, [...keys, key]);
}

const other = (leaf: Leaf | object): Json =>
  typeof leaf === "number"
    ? leaf + 1
    : typeof leaf === "boolean"
      ? !leaf
      : typeof leaf === "string"
        ? `${leaf}x`
        : "x";

/** The document with one leaf changed, or taken away where `change` gives undefined. */
function mutate(value: Json, [key, ...rest]: Keys, change: (leaf: Json) => Json | undefined): Json {
  if (key === undefined) throw new Error("a leaf has keys");
  const container = Array.isArray(value) ? [...value] : { ...(value as Record<string, Json>) };
  const children = container as Record<string, Json>;
  const child = children[key] as Json;
  const changed = rest.length ? mutate(child, rest, change) : change(child);
  if (changed !== undefined) children[key] = changed;
  else if (Array.isArray(container)) container.splice(Number(key), 1);
  else delete children[key];
  return container;
}

const MUTATIONS: Record<string, (leaf: Json) => Json | undefined> = {
  changed: other,
  removed: () => undefined,
};

/** Mutations of one side that nobody objects to, and how many there were. */
function missed(side: "reference" | "mirror"): { count: number; missed: string[] } {
  const rendering: Rendering = real[side];
  const misses: string[] = [];
  let count = 0;
  for (const keys of leafKeys(rendering.document))
    for (const [how, change] of Object.entries(MUTATIONS)) {
      count++;
      const document = mutate(rendering.document, keys, change);
      if (evaluateParity({ ...real, [side]: { ...rendering, document } }).findings.length === 0)
        misses.push(`${keys.join(".")} ${how}`);
    }
  return { count, missed: misses };
}

test("a bundle with one byte more is caught", () => {
  const [[path = "", content] = []] = Object.entries(real.mirror.bundle ?? {});
  const mirror = { ...real.mirror, bundle: { ...real.mirror.bundle, [path]: `${content}x` } };
  expect(evaluateParity({ ...real, mirror }).findings.length).toBeGreaterThan(0);
});

test("nobody objects to the pair as it is", () => {
  expect(evaluateParity(real).findings).toEqual([]);
});

test.each(["reference", "mirror"] as const)(
  "every leaf of the %s that is changed or taken away is caught",
  (side) => {
    const result = missed(side);
    console.log(`${side}: ${result.count} mutations, ${result.count - result.missed.length} caught`);
    expect(result.missed).toEqual([]);
    expect(result.count).toBeGreaterThan(500);
  },
  120_000,
);
