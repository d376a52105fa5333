import { expect, test } from "vitest";
import { servesRealPeople } from "../../config/load/environment.ts";
import { fixtureFleet } from "../support/fleet/fleet.ts";

const { reference, mirrors } = fixtureFleet();

test("the extras, and never the name, say whom an environment serves", () => {
  const [mirror] = mirrors;
  expect(servesRealPeople(reference.environment)).toBe(true);
  expect(mirror && servesRealPeople(mirror.environment)).toBe(false);
  expect(mirror && servesRealPeople({ ...mirror.environment, extras: undefined })).toBe(true);
});
