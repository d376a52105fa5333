import { expect, test } from "vitest";
import { extraUnits } from "../../host/extra-units.ts";
import { fillSlots } from "../../host/template-slots.ts";
import { fixtureFleet } from "../support/fleet/fleet.ts";

const [staging] = fixtureFleet().mirrors;
const units = extraUnits(staging?.environment.extras);

test("only an environment with extras has units of its own", () => {
  expect(extraUnits(undefined)).toEqual({});
  expect(Object.keys(units)).toEqual(["olympus-logins.service", "olympus-logins.timer"]);
  expect(units["olympus-logins.service"]).toContain("--fewest 5 --most 10");
  expect(units["olympus-logins.service"]).toContain(
    "ExecCondition=/opt/olympus/current/bin/olympus-budget 10 logins\n",
  );
  // systemd goes on after an ExecCondition that ends with what the unit calls a success, and logins that fail are none.
  expect(units["olympus-logins.service"]).not.toMatch(/SuccessExitStatus=.*\d/);
});

test("a slot without a value and a value without a slot are both refused", () => {
  expect(fillSlots("file", "a {{b}}", { b: 1 })).toBe("a 1");
  expect(() => fillSlots("file", "a {{b}}", {})).toThrow("file: {{b}} has no value");
  expect(() => fillSlots("file", "a", { b: 1 })).toThrow("file: no slot for b");
});
