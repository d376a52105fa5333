import type { Extras } from "./schema.ts";

/** What staging's clock starts, and when by the local clock of `extras.timeZone`. */
export const clockCommands = ({ nightlyStop, morningStart, monthlyRefresh, seed }: Extras) => ({
  sleep: nightlyStop,
  wake: morningStart,
  refresh: monthlyRefresh,
  seed: seed.cron,
});

export type ClockCommand = keyof ReturnType<typeof clockCommands>;
