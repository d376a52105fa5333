import { describe, expect, test } from "vitest";
import { parseFacts } from "../../../../cli/shared/machine-facts.ts";
import { openHibernationMachine } from "../../../../cli/staging/night/machine-over-ssh.ts";
import { recreatePlan, resumePlan } from "../../../../cli/staging/night/machine-plan.ts";
import { fixtureFleet } from "../../../support/fleet/fleet.ts";

const ID = "20261102T000000Z-0123456789ab";
const SERVES = `volume mounted\nsecrets there\nrelease ${ID}\ncurrent ${ID}\nhistory ${ID}\nservice active\nhealthAge 20\nhealthy true ${ID}`;
const names = (plan: { steps: readonly { name: string }[] }) => plan.steps.map(({ name }) => name);

describe("the way back from a rest", () => {
  test("on the same machine begins with the volume", () => {
    const plan = resumePlan(parseFacts(SERVES.replace("service active", "service inactive")), ID);
    expect(names(plan)).toEqual(["mount", "switch", "start", "wait", "record"]);
    expect(plan.back).toBeUndefined();
  });

  test("on a machine made anew begins with the releases on the volume; no backup, for nothing serves", () => {
    const plan = recreatePlan(parseFacts("volume mounted\nservice inactive"), ID);
    expect(names(plan)).toEqual(["put back", "values", "switch", "start", "wait", "record"]);
    expect(plan.steps.find(({ name }) => name === "record")?.command).toContain(`echo "${ID} `);
  });

  test.each([resumePlan, recreatePlan])("is nothing to do where that release serves in health", (plan) => {
    expect(plan(parseFacts(SERVES), ID)).toMatchObject({ isDone: true, steps: [] });
    expect(plan(parseFacts(SERVES), `${ID.slice(0, -1)}c`).isDone).toBe(false);
  });
});

test("an environment without extras has no night", async () => {
  const { environment: prod } = fixtureFleet().reference;
  await expect(openHibernationMachine(prod, {})).rejects.toThrow("prod serves real people");
});
