import { afterAll, beforeAll, describe } from "vitest";
import { skipWithout } from "../../sandbox/machines/tools.ts";
import { machineTaskTests } from "../../tasks/machine.ts";
import { ENVIRONMENT_TOOLS } from "./environment-under-test.ts";
import { takeoverTests } from "./takeover.ts";
import { doctorTests } from "./team-doctor.ts";
import { openTeamPlace, type TeamPlace } from "./team-place.ts";

// One machine for all of it: it boots for two minutes.
describe.skipIf(skipWithout([...ENVIRONMENT_TOOLS, "gh", "git"]))("a team at its staging", () => {
  let place: TeamPlace;
  beforeAll(async () => {
    place = await openTeamPlace();
  });
  afterAll(async () => {
    await place?.stop();
  });

  doctorTests(() => place);
  machineTaskTests(() => place);
  takeoverTests(() => place);
});
