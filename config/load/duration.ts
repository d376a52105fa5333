/** A span of time as Caddy and Go write it: a whole number and one unit, such as `10s`, `1m`, `2h`. */
export const DURATION = /^[1-9]\d{0,3}[smh]$/;

const SECONDS = { s: 1, m: 60, h: 3600 } as const;

/** Seconds of a duration that matches {@link DURATION}. */
export const toSeconds = (duration: string): number =>
  Number(duration.slice(0, -1)) * SECONDS[duration.slice(-1) as keyof typeof SECONDS];
