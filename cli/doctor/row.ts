/** How a row is: `waits` for another that is not done, `unknown` where it could not be asked. */
export type RowState = "done" | "missing" | "unknown" | "waits";

/** What a check has found. Whoever shows it passes it through lib/printable.ts: much of it was said by others. */
export interface CheckOutcome {
  readonly state: Exclude<RowState, "waits">;
  /** One line: what there is, or what is wrong. Never a secret. */
  readonly found: string;
  /** In the place of the row's own remedy, where the check knows better. */
  readonly remedy?: readonly string[];
}

/** One thing between a clone and a running pipeline. */
export interface Row {
  /** `token.cloudflare.staging`: unique, and what `needs` names. */
  readonly id: string;
  readonly title: string;
  /** Rows without which this one cannot be asked: they stand before it. */
  readonly needs?: readonly string[];
  /** Commands to type, or the page to visit, in order. */
  readonly remedy: readonly string[];
  /** The page that says more. */
  readonly page: string;
  /** Of use, and not between a clone and a pipeline: never the next step, and never an exit code. */
  readonly isOptional?: boolean;
  check(): CheckOutcome | Promise<CheckOutcome>;
  /** What `--fix` would do where it is missing; undefined where this computer does not know what it takes. */
  fix?(): Promise<FixPlan | undefined>;
}

/** A change that needs no person but their consent. */
export interface FixPlan {
  /** What it would do, by names alone. */
  readonly lines: readonly string[];
  apply(): Promise<void>;
}

/** A row as it was found. */
export interface CheckedRow extends Omit<Row, "check" | "fix"> {
  readonly state: RowState;
  readonly found: string;
  /** The row that is to be done first. */
  readonly waitsFor?: string;
}

export const inOrder = (found: string): CheckOutcome => ({ state: "done", found });
export const toDo = (found: string, ...remedy: string[]): CheckOutcome => ({
  state: "missing",
  found,
  ...(remedy.length && { remedy }),
});
export const unsure = (found: string, ...remedy: string[]): CheckOutcome => ({
  state: "unknown",
  found,
  ...(remedy.length && { remedy }),
});
