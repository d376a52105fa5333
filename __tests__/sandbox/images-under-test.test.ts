import { describe, expect, it } from "vitest";
import {
  builtInstead,
  CANNOT_MATCH,
  isPinned,
  type ProgramUnderTest,
} from "../../sandbox/images/under-test.ts";
import { base } from "../support/fleet/base.ts";
import { versionTable } from "../support/version-table.ts";

describe("isPinned", () => {
  it.each([
    ["v1.27.11", "v1.27.11", true],
    ["18.6", "18-alpine", true],
    ["18.6", "18.5-alpine", false],
    ["v1.3.1", "v26.2.0", false],
    ["v1.27.1", "v1.27.11", false],
    ["v2.11.9", "v2.11.9-53dadc42", true],
    ["v2.11.8", "v2.11.9-53dadc42", false],
    ["v2.11.9", "sha-02a312e386fe3d781a50271f2ac6a4a66fbe4ab2", false],
  ])("%s of %s: %s", (tested, pinned, same) => {
    expect(isPinned(tested, pinned)).toBe(same);
  });
});

describe("the table of versions", () => {
  const row = (program: string, state: ProgramUnderTest["state"], tested?: string): ProgramUnderTest => ({
    ...{ program, tested, pinned: "v2.0.0", source: "source of its Go module", state },
  });
  it("lists each difference with its reason, and hides none under the pinned name", () => {
    const rows = [
      row("mailpit", "same", "v2.0.0"),
      row("kratos", "cannot match", "v1.3.1"),
      row("hera", "stand-in"),
    ];
    const [head, ...lines] = versionTable([...rows, row("prometheus", "differs", "v1.9.0")], CANNOT_MATCH, {
      "docker.io": false,
      "quay.io": true,
    }).split("\n");
    expect(head).toBe("program     under test  pinned");
    expect(lines).toEqual([
      "mailpit     v2.0.0      v2.0.0  as pinned, from the source of its Go module",
      `kratos      v1.3.1      v2.0.0  DIFFERS: ${CANNOT_MATCH.kratos}`,
      "hera        -           v2.0.0  NOT TESTED: a stand-in answers in its place",
      expect.stringMatching(/^prometheus {2}v1\.9\.0 {6}v2\.0\.0 {2}DIFFERS: sandbox\/programs/),
      "quay.io: in reach; the pinned images are what was tested",
      "docker.io: no answer; programs were built here",
    ]);
  });
  it("gives a reason for pinned programs alone", () => {
    expect(Object.keys(base.images)).toEqual(expect.arrayContaining(Object.keys(CANNOT_MATCH)));
  });
});

it("the status of a sandbox names what is built in the place of a pinned version, and that alone", () => {
  const { mailpit, kratos } = base.images;
  expect(builtInstead({ mailpit, kratos })).toEqual(["kratos v1.3.1 in the place of v26.2.0"]);
});
