import type { Cause } from "./bounds.ts";
import type { Leaf } from "./json.ts";

/** Which law a finding breaks. */
export type Invariant = "identity" | "attribution" | "bounds" | "distinct" | "secrets";

export interface ParityFinding {
  readonly law: Invariant;
  readonly stack: string;
  readonly path: string;
  readonly reference: Leaf | undefined;
  readonly mirror: Leaf | undefined;
  readonly causes: readonly Cause[];
  readonly message: string;
}

export interface AttributedDifference {
  readonly path: string;
  readonly reference: Leaf | undefined;
  readonly mirror: Leaf | undefined;
  readonly causes: readonly Cause[];
}

export interface ParityReport {
  readonly reference: string;
  readonly mirror: string;
  /** Every real difference but the name, each with the keys that cause it. */
  readonly differences: readonly AttributedDifference[];
  readonly findings: readonly ParityFinding[];
  /** How many secrets each of the two has, once both have encrypted files. */
  readonly secrets?: number;
}

/** What is wrong with one document: a zone's, or one that is about to be written. */
export interface DocumentFinding {
  readonly law: "composition" | "written";
  readonly stack: string;
  readonly path: string;
  readonly expected: Leaf | undefined;
  readonly found: Leaf | undefined;
  readonly message: string;
}
