/** How fast `olympus seed` goes unless told otherwise: at the knee that `npm run bench:seed` finds (docs/bench.md). */
export const PACE = { batch: 100, inFlight: 4 } as const;
