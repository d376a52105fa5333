import { afterAll, beforeAll, expect, it } from "vitest";
import { closeBench, openBench } from "./bench.ts";
import { restKilledAtRandom } from "./kills.ts";

const MOMENTS = 20;

beforeAll(() => openBench());
afterAll(closeBench);

it(`a rest, killed at ${MOMENTS} random moments, ends as undisturbed when it is run again`, async () => {
  const atWork = await restKilledAtRandom(MOMENTS);
  console.log(`${atWork} of ${MOMENTS} were still at work`);
  expect(atWork).toBeGreaterThanOrEqual(MOMENTS * 0.7);
});
