/** How fast `olympus seed` goes unless told otherwise: at the knee that `npm run bench:seed` finds (docs/bench.md). */
export const PACE = { batch: 200, inFlight: 4 } as const;
