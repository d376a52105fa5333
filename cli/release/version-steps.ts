import { SCHEMA_IMAGES } from "../../host/images.ts";
import type { ServedRelease } from "./served.ts";

/** Each by its name in images.env, and for people. */
const PROGRAMS = SCHEMA_IMAGES.map(
  (name) => [name.toUpperCase(), `${name.charAt(0).toUpperCase()}${name.slice(1)}`] as const,
);

/** A program that comes in another version than the one that serves. */
interface VersionStep {
  readonly program: string;
  readonly from: string;
  readonly to: string;
  /** Whether the one that serves works with the tables of the other, as config/images.ts says. */
  readonly sharesTables: boolean;
}

/** Its tag, which releases of 2026-11 and before say in the image's reference alone, and not beside a digest. */
function versionOf({ images }: ServedRelease, program: string): string {
  const reference = images.get(`IMAGE_${program}`) ?? "";
  return images.get(`VERSION_${program}`) ?? /:([^:/@]+)$/.exec(reference)?.[1] ?? reference;
}

/** The steps that a release takes, none where nothing served yet. */
export const versionSteps = (before: ServedRelease, after: ServedRelease): VersionStep[] =>
  PROGRAMS.filter(([key]) => before.images.has(`IMAGE_${key}`))
    .map(([key, program]) => {
      const [from, to] = [versionOf(before, key), versionOf(after, key)];
      const shared = (after.images.get(`SHARES_TABLES_${key}`) ?? "").split(",");
      return { program, from, to, sharesTables: shared.includes(from) };
    })
    .filter(({ from, to }) => from !== to);

/**
 * What a release stops for until the operator has chosen an hour: tables that change under a version which does not work with them.
 * `acrossMigration`: the operator has.
 */
export const pauseObstacles = (
  before: ServedRelease,
  after: ServedRelease,
  acrossMigration = false,
): string[] =>
  acrossMigration
    ? []
    : versionSteps(before, after)
        .filter(({ sharesTables }) => !sharesTables)
        .map(
          ({ program, from, to }) =>
            `${program} ${from} is not known to work with the tables of ${to}: everybody waits while they are migrated and ${program} is replaced, and who has waited 30 s gets an error; the way back is the backup that is made before. Staging first, at a quiet hour: pass --across-migration (docs/runbooks/ory-upgrade.md)`,
        );

/**
 * What keeps a rollback from going back across a migration: its tables were brought forward, and Ory promises no version that it works
 * with the tables of a later one. `acrossMigration`: the operator has read that both do.
 */
export function migrationObstacles(
  now: ServedRelease,
  target: ServedRelease,
  environment: string,
  acrossMigration = false,
): string[] {
  const way = `restore the backup that was made before: \`./olympus backups ${environment}\`, then \`./olympus restore ${environment} --snapshot <id>\``;
  return acrossMigration
    ? []
    : versionSteps(now, target).map(
        ({ program, from, to }) =>
          `${program} of that release is ${to}, and its tables were migrated by ${from}: ${way}. Where the release notes say that both share the tables, pass --across-migration`,
      );
}
