import { loadFleet } from "../../config/index.ts";
import { ConfigError, type Problem } from "../../config/load/problems.ts";
import type { RunOverrides } from "../../config/load/run.ts";
import type { ConfigSource } from "../../config/load/source.ts";
import { base } from "../support/fleet/base.ts";
import { prod } from "../support/fleet/prod.ts";
import { fixture } from "../support/fleet/source.ts";
import { staging } from "../support/fleet/staging.ts";

type Values = Record<string, unknown>;

/** What is changed of the fixture. */
export interface Changed {
  base?: Values;
  prod?: Values;
  staging?: Values;
  extras?: Values;
}

export const changedSource = ({ base: b, prod: p, staging: s, extras }: Changed = {}): ConfigSource => ({
  ...fixture,
  base: { ...base, ...b },
  reference: ["prod", { ...prod, ...p }],
  mirrors: [["staging", { ...staging, ...s, ...(extras && { extras: { ...staging.extras, ...extras } }) }]],
});

/** Every problem of a source, none where it is loaded. Throws what is not the configuration's own error. */
export function problemsOfSource(source: ConfigSource, run: RunOverrides = {}): readonly Problem[] {
  try {
    loadFleet(source, run);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

export const problemsOfChange = (changed: Changed, run?: RunOverrides): readonly Problem[] =>
  problemsOfSource(changedSource(changed), run);
