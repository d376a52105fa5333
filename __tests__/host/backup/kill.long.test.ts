import { afterAll, beforeAll, expect, it } from "vitest";
import { cutAtRandom } from "./random-cuts.ts";
import { closeWorkbench, openWorkbench } from "./workbench.ts";

// Twenty moments each, spread over the whole of the work.
const MOMENTS = 20;

beforeAll(() => openWorkbench());
afterAll(closeWorkbench);

it.each(["olympus-backup", "olympus-restore", "olympus-drill"] as const)(
  `%s, killed at ${MOMENTS} random moments, ends as undisturbed when it is run again`,
  async (name) => {
    const { cuts, atWork } = await cutAtRandom(name, MOMENTS);
    console.log(`${name}: ${atWork} of ${MOMENTS} were still at work; after ${cuts.join(", ")} ms`);
    expect(atWork).toBeGreaterThanOrEqual(MOMENTS * 0.7);
  },
);
