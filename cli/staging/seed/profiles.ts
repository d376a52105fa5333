import { ODD_NAMES } from "./odd-names.ts";

/** What a person still lacks after being created, and a flow of its own has to bring about. */
export type Todo = "lockout" | "totp" | "recovery";

/** Special people: a cast that comes on top of the many, so that each behaviour has somebody to try it with. */
export interface Profile {
  readonly name: string;
  readonly count: number;
  readonly meaning: string;
  /** Default true. */
  readonly verified?: false;
  /** Default true. */
  readonly active?: false;
  readonly todo?: Todo;
  /** The name of the n-th, from 1; Faker's when left out. */
  readonly named?: (n: number) => readonly [first: string, last: string | undefined];
}

/** The one place for a new feature's people: a line here, and how to bring it about in follow-ups.ts if it needs a flow. */
export const PROFILES: readonly Profile[] = [
  {
    name: "unverified",
    count: 10,
    verified: false,
    meaning: "the address is not verified: refused at login",
  },
  { name: "inactive", count: 10, active: false, meaning: "deactivated: refused at login" },
  { name: "locked", count: 5, todo: "lockout", meaning: "locked out by Hera after too many wrong passwords" },
  {
    name: "totp",
    count: 5,
    todo: "totp",
    meaning: "a second factor; its key is in metadata_admin.synthetic",
  },
  { name: "recovery", count: 5, todo: "recovery", meaning: "a recovery code is out and not used" },
  {
    name: "odd-name",
    count: ODD_NAMES.length,
    meaning: "a legal name that software trips over",
    named: (n) => ODD_NAMES[n - 1] ?? ["", undefined],
  },
  { name: "smoke", count: 1, meaning: "for the smoke test to log in as" },
];
