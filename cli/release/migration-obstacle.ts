import type { ServedRelease } from "./served.ts";

/** Programs that change the shape of their tables when they come in another version, by the name of their image. */
const MIGRATING: Readonly<Record<string, string>> = { IMAGE_KRATOS: "Kratos", IMAGE_HYDRA: "Hydra" };

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
  const moved = Object.entries(MIGRATING).filter(
    ([image]) => now.images.get(image) !== target.images.get(image),
  );
  return acrossMigration
    ? []
    : moved.map(
        ([image, program]) =>
          `${program} of that release is ${target.images.get(image) ?? "another"}, and its tables were migrated by ${now.images.get(image) ?? "another"}: ${way}. Where the release notes say that both share the tables, pass --across-migration`,
      );
}
