/** Something about one value. It says what is wrong and never what the value is. */
export interface SecretFinding {
  readonly key: string;
  /** A problem keeps the secrets from the host; a warning tells what will be one. */
  readonly level: "problem" | "warning";
  readonly found: string;
  readonly remedy: string;
}

export const secretProblem = (key: string, found: string, remedy: string): SecretFinding => ({
  key,
  level: "problem",
  found,
  remedy,
});
