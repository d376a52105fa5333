import { type Fleet, loadFleet } from "../../../config/index.ts";
import type { RunOverrides } from "../../../config/load/run.ts";
import { fixture } from "./source.ts";

/** The tests' fleet, composed. */
export const fixtureFleet = (run: RunOverrides = {}): Fleet => loadFleet(fixture, run);
