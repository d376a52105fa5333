/** Who administers, by the counts that the machine makes each minute. */
export interface Administrators {
  readonly all: number;
  readonly withoutSecondFactor: number;
  /** Whether the configuration asks for one: `monitoring.secondFactor`. */
  readonly isRequired: boolean;
}

/** Reads the lines of the machine's metrics; undefined when one of them is missing. */
export function administratorsIn(lines: string): Administrators | undefined {
  const [all, withoutSecondFactor, required] = [
    "olympus_administrators",
    "olympus_administrators_without_second_factor",
    "olympus_second_factor_required",
  ].map((name) => new RegExp(`^${name} (\\d+)$`, "m").exec(lines)?.[1]);
  if (all === undefined || withoutSecondFactor === undefined || required === undefined) return undefined;
  return {
    all: Number(all),
    withoutSecondFactor: Number(withoutSecondFactor),
    isRequired: required === "1",
  };
}

export const administratorsText = ({ all, withoutSecondFactor }: Administrators): string =>
  `${all}, ${withoutSecondFactor} of them without a second factor`;

/** What wants doing where a second factor is required. */
export const factorWarnings = (administrators: Administrators | undefined): string[] =>
  administrators?.isRequired && administrators.withoutSecondFactor > 0
    ? [
        `${administrators.withoutSecondFactor} of ${administrators.all} administrators log in with a password alone: docs/runbooks/second-factor.md`,
      ]
    : [];
