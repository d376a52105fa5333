import type { AcceptedAdvisory } from "./load/accepts-schema.ts";

/**
 * Published advisories that the team has read and lives with for a time, each by an id of its own or of an alias, with the pin that
 * it is about: docs/runbooks/advisories.md.
 */
export const acceptedAdvisories: readonly AcceptedAdvisory[] = [];
