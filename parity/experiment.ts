import { boundsOf, CAUSES, type Cause, isAllowed } from "./bounds.ts";
import { differences } from "./difference.ts";
import type { AttributedDifference, ParityFinding, ParityReport } from "./finding.ts";
import { identityFindings } from "./identity.ts";
import type { Leaf } from "./json.ts";
import { type NamedRendering, type Rendering, renamed } from "./rendering.ts";

/**
 * What was rendered to find out why a mirror differs: the two as they are, and the mirror with one key of the reference. Only under
 * its own name can a branch on the name show; only without it can two environments be compared.
 */
export interface Experiment {
  readonly reference: NamedRendering;
  readonly mirror: NamedRendering;
  /** The mirror without a name, and one key at a time the reference's. */
  readonly without: Readonly<Record<Cause, Rendering>>;
  /** Endpoints whose rate limit one of the two overlays names. */
  readonly endpoints: readonly string[];
}

/** Holds a mirror against its reference. Pure: the same renderings give the same report. */
export function evaluateParity(experiment: Experiment): ParityReport {
  const { reference, mirror } = experiment;
  const bounds = boundsOf(experiment.endpoints);
  const found: Omit<ParityFinding, "stack">[] = [...identityFindings(reference), ...identityFindings(mirror)];

  const causesOf = new Map<string, Set<Cause>>();
  for (const cause of CAUSES) {
    for (const difference of differences(experiment.without[cause], mirror.neutral)) {
      causesOf.set(difference.path, (causesOf.get(difference.path) ?? new Set()).add(cause));
      if (!isAllowed(cause, difference, bounds))
        found.push({
          law: "bounds",
          path: difference.path,
          reference: difference.left,
          mirror: difference.right,
          causes: [cause],
          message: `${cause} may not show here; parity/bounds.ts says where it may`,
        });
    }
  }

  const real = differences(reference.neutral, mirror.neutral).map(
    ({ path, left, right }): AttributedDifference => ({
      path,
      reference: left,
      mirror: right,
      causes: [...(causesOf.get(path) ?? [])],
    }),
  );
  for (const difference of real.filter(({ causes }) => causes.length === 0))
    found.push({
      ...difference,
      law: "attribution",
      message: "no single key of the overlay explains it: something else distinguishes the environments",
    });

  const named = underOwnNames(experiment);
  return {
    reference: reference.own.name,
    mirror: mirror.own.name,
    differences: real.map(named),
    findings: unique(found).map((finding) => ({ ...named(finding), stack: mirror.own.name })),
  };
}

/** What was found without names, as a reader knows it: each value under its environment's name. */
const underOwnNames =
  ({ reference, mirror }: Experiment) =>
  <D extends AttributedDifference>(difference: D): D => {
    const as = (own: Rendering) => {
      const rename = renamed(mirror.neutral, own);
      return (value: Leaf | undefined) => (typeof value === "string" ? rename(value) : value);
    };
    return {
      ...difference,
      path: String(as(mirror.own)(difference.path)),
      reference: as(reference.own)(difference.reference),
      mirror: as(mirror.own)(difference.mirror),
    };
  };

/** A swap there and back finds the same thing twice. */
const unique = <F extends Pick<ParityFinding, "law" | "path" | "message">>(found: readonly F[]): F[] => [
  ...new Map(found.map((f) => [`${f.law} ${f.path} ${f.message}`, f])).values(),
];
