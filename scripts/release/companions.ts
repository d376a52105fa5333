import type { Environment } from "../../config/environment.ts";
import type { Remote } from "../lib/remote.ts";

/** What a release asks of other verbs. One that is absent does not exist yet, and the plan says so. */
export interface Companions {
  /** Throws unless a backup has been made and checked. */
  backup?(env: Environment, remote: Remote): Promise<void>;
  /** Brings the secrets to the machine, each written aside and renamed. */
  secrets?(env: Environment, remote: Remote): Promise<void>;
}

export const companions: Companions = {};
