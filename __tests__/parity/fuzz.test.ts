import { expect, test } from "vitest";
import { CAUSES, type Cause } from "../../parity/bounds.ts";
import { type Experiment, evaluateParity } from "../../parity/experiment.ts";
import type { Json, Leaf } from "../../parity/json.ts";
import type { NamedRendering, Rendering } from "../../parity/rendering.ts";
import { experiment } from "../../stacks/counterfactuals.ts";
import { fixtureFleet } from "../support/fleet/fleet.ts";

const fleet = fixtureFleet();
const [staging] = fleet.mirrors;
if (!staging) throw new Error("the shipped fleet has a mirror");
const real = experiment(fleet, staging);

type Keys = readonly string[];
type Change = (value: Json | undefined) => Json | undefined;

/** Every leaf of a document, by its keys. */
function* leafKeys(value: Json | undefined, keys: Keys = []): Generator<Keys> {
  const children = value !== null && typeof value === "object" ? Object.entries(value) : [];
  if (children.length === 0 && value !== undefined) yield keys;
  for (const [key, child] of children) yield* leafKeys(child, [...keys, key]);
}

/** The document with one part changed; undefined takes it away. */
function changed(value: Json | undefined, [key, ...rest]: Keys, change: Change): Json | undefined {
  if (key === undefined) return change(value);
  if (value === null || typeof value !== "object") return value;
  const container = Array.isArray(value) ? [...value] : { ...value };
  const children = container as Record<string, Json>;
  const child = changed(children[key], rest, change);
  if (child !== undefined) children[key] = child;
  else if (Array.isArray(container)) container.splice(Number(key), 1);
  else delete children[key];
  return container as Json;
}

const another = (leaf: Leaf): Json =>
  typeof leaf === "number" ? leaf + 1 : typeof leaf === "boolean" ? !leaf : `${leaf}x`;

/** What may become of a leaf; the last two also of what holds it. */
const CHANGES: Record<string, Change> = {
  changed: (leaf) => another(leaf as Leaf),
  removed: () => undefined,
  "of another type": (leaf) => (typeof leaf === "string" ? [leaf] : String(leaf)),
  "with one beside it": (holder) =>
    Array.isArray(holder) ? [...holder, "planted"] : { ...(holder as object), planted: "planted" },
};

/** The parts of a document that are small enough to be judged by themselves: a resource, a unit, a file, a value. */
function parts({ own }: NamedRendering): Keys[] {
  const document = own.document as Record<string, Record<string, Json>>;
  const resources = (of: string) =>
    Object.entries((document[of]?.resource ?? {}) as Record<string, object>).flatMap(([type, byId]) =>
      Object.keys(byId).map((id) => [of, "resource", type, id]),
    );
  const rest = Object.entries(document).flatMap(([of, content]) =>
    Object.keys(content)
      .filter((key) => key !== "resource")
      .map((key) => [of, key]),
  );
  return [...resources("stack"), ...resources("zone"), ...rest];
}

/** A document of nothing but one of its parts. */
function slice(value: Json | undefined, [key, ...rest]: Keys): Json {
  if (key === undefined) return value ?? null;
  const child = (value as Record<string, Json> | undefined)?.[key];
  return child === undefined ? {} : { [key]: slice(child, rest) };
}

type Each = (rendering: Rendering, has: (cause: Cause) => "reference" | "mirror") => Rendering;

/** The experiment with something done to each rendering, by whose values it has. */
function mapped(e: Experiment, each: Each): Experiment {
  const [asReference, asMirror] = [() => "reference" as const, () => "mirror" as const];
  const named = ({ own, neutral }: NamedRendering, has: typeof asReference | typeof asMirror) => ({
    own: each(own, has),
    neutral: each(neutral, has),
  });
  return {
    ...e,
    reference: named(e.reference, asReference),
    mirror: named(e.mirror, asMirror),
    without: Object.fromEntries(
      CAUSES.map((swapped) => [
        swapped,
        each(e.without[swapped], (cause) => (cause === swapped ? "reference" : "mirror")),
      ]),
    ) as Experiment["without"],
  };
}

const sliced = (keys: Keys): Experiment =>
  mapped(real, (rendering) => ({ ...rendering, document: slice(rendering.document, keys) }));

const withChange = (rendering: Rendering, keys: Keys, change: Change): Rendering => ({
  ...rendering,
  document: changed(rendering.document, keys, change) ?? {},
});

/** Where `change` may be planted in a document: its leaves, and what holds them. */
function* places(document: Json): Generator<readonly [how: string, keys: Keys, change: Change]> {
  const holders = new Set<string>();
  for (const keys of leafKeys(document)) {
    for (const how of ["changed", "removed", "of another type"])
      yield [how, keys, CHANGES[how] as Change] as const;
    const holder = keys.slice(0, -1);
    if (holder.length < 2 || holders.has(holder.join("\n"))) continue;
    holders.add(holder.join("\n"));
    yield ["with one beside it", holder, CHANGES["with one beside it"] as Change] as const;
  }
}

/** Plants every change in every part by `plant`, and says what nobody objected to. */
function missed(
  side: "reference" | "mirror",
  plant: (e: Experiment, keys: Keys, change: Change) => Experiment,
) {
  const misses: string[] = [];
  let count = 0;
  for (const part of parts(real[side])) {
    const piece = sliced(part);
    for (const [how, keys, change] of places(piece[side].own.document)) {
      count++;
      if (evaluateParity(plant(piece, keys, change)).findings.length === 0)
        misses.push(`${keys.join(".")} ${how}`);
    }
  }
  console.log(`${side}: ${count} changes, ${count - misses.length} caught`);
  expect(count).toBeGreaterThan(2000);
  return misses;
}

test("nobody objects to the pair as it is, nor to any part of it", () => {
  expect(evaluateParity(real).findings).toEqual([]);
  for (const side of ["reference", "mirror"] as const)
    for (const part of parts(real[side])) expect(evaluateParity(sliced(part)).findings).toEqual([]);
});

test.each(["reference", "mirror"] as const)("whatever is done to the %s alone is caught", (side) => {
  const misses = missed(side, (e, keys, change) => ({
    ...e,
    [side]: { ...e[side], own: withChange(e[side].own, keys, change) },
  }));
  expect(misses).toEqual([]);
});

/** What a cause may change though no program of ours does: the text of a value that it may change anyhow. */
const ALLOWED: Readonly<Record<Cause, RegExp>> = {
  domain: /^$/,
  hostType: /server_type changed|monthly_cost.*changed/,
  rateLimits: /(env\.RATE_LIMIT_LOGIN_\w+|requests_per_period) changed/,
  extras:
    /env\.(MAIL_SANDBOX|SMS_BUDGET|DISPOSABLE|SSH_KEYS) changed|^stack\.resource\.cloudflare_(workers|dns_record\.mailpit)|^units\./,
  destroyable: /(prevent_destroy|delete_protection) changed/,
};

test.each(CAUSES)("whatever %s changes outside its bounds is caught", (cause) => {
  const misses = missed("mirror", (e, keys, change) =>
    mapped(e, (rendering, has) =>
      has(cause) === "mirror" ? withChange(rendering, keys, change) : rendering,
    ),
  );
  expect(misses.filter((miss) => !ALLOWED[cause].test(miss))).toEqual([]);
});
