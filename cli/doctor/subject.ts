import { shipped } from "../../config/environments.ts";
import { type Fleet, loadFleet } from "../../config/index.ts";
import { zoneOf } from "../../config/load/hosts.ts";
import { zoneStackName } from "../../config/load/names.ts";
import { mirrorOverlaySchema } from "../../config/load/schema.ts";
import { Failure } from "../../lib/failure.ts";

/** One declared environment, as far as its own file tells: the rest of the configuration may have problems yet. */
export interface DoctorSubject {
  readonly name: string;
  readonly domain: string;
  readonly zone: string;
  readonly zoneStack: string;
  readonly hasExtras: boolean;
}

/** The environments to look at: the one that is named, or all. Throws a {@link Failure} with how one is declared. */
export function subjects(name: string | undefined): DoctorSubject[] {
  // In the order of docs/first-deploy.md: what real people get was somewhere else before.
  const all = [...shipped.mirrors, shipped.reference];
  const found = name === undefined ? all : all.filter(([declared]) => declared === name);
  if (!found.length)
    throw new Failure(
      `config/environments.ts declares no ${name}: write config/${name}.ts as config/staging.ts is, and add ["${name}", ...] to mirrors`,
    );
  return found.map(([declared, overlay]) => subjectOf(declared, overlay));
}

function subjectOf(name: string, overlay: unknown): DoctorSubject {
  const { domain: written, extras } = (overlay ?? {}) as { domain?: unknown; extras?: unknown };
  const domain = mirrorOverlaySchema.shape.domain.safeParse(written).data;
  const zone = domain && zoneOf(domain, Object.keys((shipped.base as { zones: object }).zones));
  if (!domain || !zone)
    throw new Failure(`config/${name}.ts names no domain of a zone: ./olympus parity says what is wrong`);
  return { name, domain, zone, zoneStack: zoneStackName(zone), hasExtras: extras !== undefined };
}

/** The environment, composed: for rows that need `config.sound`. */
export function composed(name: string) {
  const fleet = loadFleet();
  const declared = [fleet.reference, ...fleet.mirrors].find((one) => one.name === name);
  if (!declared) throw new Error(`${name} is not declared`);
  return { fleet, environment: declared.environment };
}

/** Every stack that the configuration makes. */
export const stacksOf = ({ base, reference, mirrors }: Fleet): string[] => [
  ...[reference, ...mirrors].map((declared) => declared.name),
  ...Object.keys(base.zones).map(zoneStackName),
];
