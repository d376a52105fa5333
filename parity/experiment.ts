import { allowing, BOUNDS, type Bound, CAUSES, type Cause } from "./bounds.ts";
import { type Difference, differences } from "./difference.ts";
import type { Leaf } from "./json.ts";
import type { Rendering } from "./rendering.ts";

/** What was rendered to find out why a mirror differs: the two as they are, and each as if it were the other. */
export interface Experiment {
  readonly reference: Rendering;
  readonly mirror: Rendering;
  /** The mirror, given all the reference has in place of its own. */
  readonly mirrorAsReference: Rendering;
  /** The reference, given all the mirror has. */
  readonly referenceAsMirror: Rendering;
  /** One key swapped at a time: the mirror's in the reference, the reference's in the mirror. */
  readonly swaps: Readonly<
    Record<Cause, { readonly intoReference: Rendering; readonly outOfMirror: Rendering }>
  >;
}

/** Which law a finding breaks. */
export type Invariant = "mirror" | "attribution" | "bounds" | "secrets";

export interface ParityFinding {
  readonly law: Invariant;
  readonly stack: string;
  readonly path: string;
  readonly reference: Leaf | undefined;
  readonly mirror: Leaf | undefined;
  readonly causes: readonly Cause[];
  readonly message: string;
}

export interface AttributedDifference {
  readonly path: string;
  readonly reference: Leaf | undefined;
  readonly mirror: Leaf | undefined;
  readonly causes: readonly Cause[];
}

export interface ParityReport {
  readonly reference: string;
  readonly mirror: string;
  /** Every real difference, each with the keys that cause it. */
  readonly differences: readonly AttributedDifference[];
  readonly findings: readonly ParityFinding[];
  /** How many secrets each of the two has, once both have encrypted files. */
  readonly secrets?: number;
}

/** Holds a mirror against its reference. Pure: the same renderings give the same report. */
export function evaluateParity(experiment: Experiment, bounds: readonly Bound[] = BOUNDS): ParityReport {
  const { reference, mirror } = experiment;
  const found: Omit<ParityFinding, "stack">[] = [
    ...mirrorFindings(
      differences(reference, experiment.mirrorAsReference),
      `${mirror.name}, rendered with ${reference.name}'s overlay and no extras, is not ${reference.name}: the code asks which environment it is in`,
    ),
    ...mirrorFindings(
      differences(experiment.referenceAsMirror, mirror),
      `${reference.name}, rendered with ${mirror.name}'s overlay and extras, is not ${mirror.name}: the code asks which environment it is in`,
    ),
  ];

  const causesOf = new Map<string, Set<Cause>>();
  for (const cause of CAUSES) {
    const { intoReference, outOfMirror } = experiment.swaps[cause];
    for (const difference of [
      ...differences(reference, intoReference),
      ...differences(outOfMirror, mirror),
    ]) {
      causesOf.set(difference.path, (causesOf.get(difference.path) ?? new Set()).add(cause));
      if (allowing(cause, difference, bounds).length === 0) found.push(outOfBounds(cause, difference));
    }
  }

  const real = differences(reference, mirror).map(
    (difference): AttributedDifference => ({
      path: difference.path,
      reference: difference.left,
      mirror: difference.right,
      causes: [...(causesOf.get(difference.path) ?? [])],
    }),
  );
  for (const difference of real.filter(({ causes }) => causes.length === 0))
    found.push({
      ...difference,
      law: "attribution",
      message: "no single key of the overlay explains it: something else distinguishes the environments",
    });

  return {
    reference: reference.name,
    mirror: mirror.name,
    differences: real,
    findings: unique(found).map((f) => ({ ...f, stack: mirror.name })),
  };
}

const mirrorFindings = (broken: readonly Difference[], message: string): Omit<ParityFinding, "stack">[] =>
  broken.map(({ path, left, right }) => ({
    law: "mirror",
    path,
    reference: left,
    mirror: right,
    causes: [],
    message,
  }));

const outOfBounds = (cause: Cause, { path, left, right }: Difference): Omit<ParityFinding, "stack"> => ({
  law: "bounds",
  path,
  reference: left,
  mirror: right,
  causes: [cause],
  message: `${cause} may not show here; parity/bounds.ts says where it may`,
});

/** A swap there and back finds the same thing twice. */
const unique = <F extends Pick<ParityFinding, "law" | "path" | "message">>(found: readonly F[]): F[] => [
  ...new Map(found.map((f) => [`${f.law} ${f.path} ${f.message}`, f])).values(),
];
