import { existsSync } from "node:fs";
import type { Problem } from "./problems.ts";

/** Folder of what `olympus init` was allowed to put in place: while it is there, config/ may be half old and half new. */
export const UNFINISHED = ".init";

/** Nothing believes files of which some are still to come. */
export const unfinishedProblems = (): Problem[] =>
  existsSync(UNFINISHED)
    ? [
        {
          file: UNFINISHED,
          path: "(whole folder)",
          value: "a configuration that was being put in place when `olympus init` was stopped",
          allowed: "all of it or nothing",
          remedy: "run `./olympus init`: it asks nothing, and puts the rest in place",
        },
      ]
    : [];
