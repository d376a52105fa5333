import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseMachineState } from "../../../../cli/staging/night/machine-state.ts";

const NOW = new Date("2026-11-26T20:00:00Z");
const RELEASE = "20261102T000000Z-0123456789ab";
const CONTENTS = "c".repeat(64);
const HEALTH = JSON.stringify({
  ...{ healthy: true, checked_at: "2026-11-26T19:59:30Z", release: RELEASE, problems: [] },
  ...{ disk_percent: 1, units: [], containers: [] },
});

interface MachineOutput {
  readonly facts: string;
  readonly health?: string;
  readonly night?: string;
}
const machineOutput = ({ facts, health = "", night = "" }: MachineOutput): string =>
  [facts, health, "", "", ""].join("\n--- olympus status\n").replace(/--- olympus status\n$/, "") +
  `--- olympus night\n${night}`;

const SERVES = `volume mounted\nsecrets there\ncurrent ${RELEASE}\nhistory ${RELEASE}\nservice active\nhealthAge 20\nhealthy true ${RELEASE}`;
const serving: MachineOutput = { facts: SERVES, health: HEALTH, night: `serves ${CONTENTS}\n` };
const resting: MachineOutput = {
  facts: `secrets there\ncurrent ${RELEASE}\nhistory ${RELEASE}\nservice inactive`,
  night: `stopped yes\nrelease ${RELEASE}\ncontents ${CONTENTS}\n`,
};
const state = (answer: MachineOutput) => parseMachineState(machineOutput(answer), NOW);

describe("the state of a machine", () => {
  test("serving, with what serves", () => {
    expect(state(serving)).toEqual({ is: "serving", release: RELEASE, contents: CONTENTS, problems: [] });
  });

  test("resting: the volume was let go, and the record says what served", () => {
    expect(state(resting)).toEqual({ is: "resting", release: RELEASE, contents: CONTENTS, problems: [] });
  });

  test("a volume that is gone without a rest is no rest", () => {
    const lost = state({ ...resting, night: `release ${RELEASE}\ncontents ${CONTENTS}\n` });
    expect(lost.is).toBe("unwell");
    expect(lost.problems).toContain("the data volume is not mounted");
  });

  test("a machine that has been started since its rest does not rest", () => {
    expect(state({ ...serving, night: `stopped yes\nserves ${CONTENTS}\n` }).is).toBe("serving");
  });

  test("a rest that was killed half-way is no rest and no health, and is told from an illness", () => {
    const stopped = SERVES.replace("service active", "service inactive");
    expect(state({ ...serving, facts: stopped, night: "stopping yes\n" })).toMatchObject({
      ...{ is: "unwell", isCutShort: true },
    });
    // Also while the last report of health is still a good one.
    expect(state({ ...serving, night: "stopping yes\n" })).toMatchObject({ is: "unwell", isCutShort: true });
    expect(state({ ...serving, facts: stopped }).isCutShort).toBeUndefined();
    // Only the mark was left: the volume has been let go.
    expect(state({ ...resting, night: `stopping yes\n${resting.night}` }).is).toBe("resting");
  });

  test("blank: made anew on a volume that says what served", () => {
    const blank = state({ ...resting, facts: "volume mounted\nservice inactive" });
    expect(blank).toEqual({ is: "blank", release: RELEASE, contents: CONTENTS, problems: [] });
  });

  test("blank, and nothing has ever served", () => {
    expect(state({ facts: "volume mounted\nservice inactive" })).toEqual({ is: "blank", problems: [] });
  });

  test.each([
    ["2026-11-26T20:00:01Z", true],
    ["2026-11-26T20:00:00Z", false],
    ["tomorrow", false],
  ])("awake until %s counts: %s", (until, counts) => {
    const { awakeUntil } = state({ ...serving, night: `awake ${until}\n` });
    expect(awakeUntil?.toISOString()).toBe(counts ? new Date(until).toISOString() : undefined);
  });

  test("any text at all is read without an error, and none of it is a rest", () => {
    fc.assert(fc.property(fc.string(), (text) => parseMachineState(text, NOW).is !== "resting"));
  });
});
