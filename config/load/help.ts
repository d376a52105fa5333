/** What a reader of a problem needs beside its path and value. */
export interface Help {
  /** What the field may hold. */
  readonly allowed: string;
  /** What to do about a wrong value. */
  readonly remedy: string;
}

/** Why one value is refused, and help that is narrower than its field's. */
export interface Refusal extends Help {
  readonly why: string;
}

export const refusal = (why: string, allowed: string, remedy: string): Refusal => ({ why, allowed, remedy });

/** A refusal as an issue of a schema. */
export const issueOf = ({ why, allowed, remedy }: Refusal) =>
  ({ code: "custom", message: why, params: { allowed, remedy } }) as const;
