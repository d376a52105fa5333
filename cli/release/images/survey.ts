import { isDeepStrictEqual } from "node:util";
import type { Base } from "../../../config/load/base-schema.ts";
import { type ImageLock, type LockedPin, lockKey } from "../../../config/load/image-lock.ts";
import { endpointOf, type Found, RegistryError, resolveImage } from "./registry.ts";

type Pin = Base["images"]["postgres"];

/** What one registry says of one pin. */
export interface Line {
  /** `name:tag`. */
  readonly image: string;
  readonly digest?: string;
  readonly architectures: readonly string[];
  /** Against the lock: not in it yet, as it says, the digest alone as it says, or the tag now means another image. */
  readonly state: "new" | "locked" | "stale" | "moved" | "unknown";
  /** What is wrong with it, each with what to do. */
  readonly problems: readonly string[];
}

/** Hosts to addresses of their interface. */
export type Endpoints = (host: string) => string;

/**
 * Asks every pin's registry. `needed` are the processors of the environments' host types: an image that lacks one would
 * not start there.
 */
export const survey = (
  pins: readonly Pin[],
  lock: ImageLock,
  needed: ReadonlySet<string>,
  endpoints: Endpoints = endpointOf,
): Promise<Line[]> => Promise.all(pins.map((pin) => lineOf(pin, lock[lockKey(pin)], needed, endpoints)));

async function lineOf(
  pin: Pin,
  known: LockedPin | undefined,
  needed: ReadonlySet<string>,
  endpoints: Endpoints,
): Promise<Line> {
  const image = lockKey(pin);
  const [host = "", ...path] = pin.name.split("/");
  try {
    const found = await resolveImage(endpoints(host), path.join("/"), pin.tag);
    return { image, ...found, state: stateOf(known, found), problems: architectureProblems(found, needed) };
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    return { image, architectures: [], state: "unknown", problems: [`${host} ${error.message}`] };
  }
}

const stateOf = (known: LockedPin | undefined, { digest, architectures }: Found): Line["state"] => {
  if (known === undefined) return "new";
  if (known.digest !== digest) return "moved";
  return isDeepStrictEqual(known.architectures, architectures) ? "locked" : "stale";
};

const listed = (architectures: readonly string[]): string =>
  architectures.length ? architectures.join(" and ") : "no Linux platform";

const architectureProblems = ({ architectures }: Found, needed: ReadonlySet<string>): string[] =>
  [...needed]
    .filter((name) => !architectures.includes(name))
    .map(
      (name) =>
        `is built for ${listed(architectures)}, and the environments' host types are ${name}: pin another tag in config/images.ts`,
    );

/**
 * The lock that follows from a survey. A pin with a problem keeps what is known of it, if anything. So does a tag that has moved,
 * unless `update` says otherwise: adding one pin must not change what another means.
 */
export const lockOf = (lines: readonly Line[], known: ImageLock, update: boolean): ImageLock =>
  Object.fromEntries(
    lines
      .flatMap(({ image, digest, architectures, state, problems }): [string, LockedPin][] => {
        const isKept = problems.length > 0 || (state === "moved" && !update);
        const kept = isKept ? known[image] : digest && { digest, architectures };
        return kept ? [[image, kept]] : [];
      })
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );

/** As it stands in the file. */
export const lockText = (lock: ImageLock): string => `${JSON.stringify(lock, null, 2)}\n`;
