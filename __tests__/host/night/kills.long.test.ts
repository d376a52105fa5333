import { afterAll, beforeAll, expect, it } from "vitest";
import { hibernateKilledAtRandom } from "./kills.ts";
import { closeVolumeFixture, openVolumeFixture } from "./volume-fixture.ts";

const MOMENTS = 20;

beforeAll(() => openVolumeFixture());
afterAll(closeVolumeFixture);

it(`a rest, killed at ${MOMENTS} random moments, ends as undisturbed when it is run again`, async () => {
  const atWork = await hibernateKilledAtRandom(MOMENTS);
  console.log(`${atWork} of ${MOMENTS} were still at work`);
  expect(atWork).toBeGreaterThanOrEqual(MOMENTS * 0.7);
});
