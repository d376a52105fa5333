import { expect, test } from "vitest";
import { contents } from "../../../cli/release/contents.ts";
import { servedOf } from "../../../cli/release/served.ts";
import { migrationObstacles, pauseObstacles } from "../../../cli/release/version-steps.ts";

/** A release with a Kratos of this version, which works with the tables of those; `isOld`: as releases said it before. */
const release = (version: string, shares: readonly string[] = [], isOld = false) => {
  const told = `VERSION_KRATOS=${version}\nSHARES_TABLES_KRATOS=${[version, ...shares].join(",")}\n`;
  const images = `IMAGE_KRATOS=localhost:5000/kratos${isOld ? `:${version}` : `@sha256:${version}`}\nIMAGE_HYDRA=hydra:v26.2.0\n`;
  const content = isOld ? images : images + told;
  return servedOf(contents([{ path: "images.env", content, mode: 0o644 }]));
};

test.each([
  ["the same version", release("v26.2.0")],
  ["the same version, whose release did not tell it", release("v26.2.0", [], true)],
  ["a machine on which nothing serves yet", servedOf(contents([]))],
])("from %s a release and a rollback are free", (_, before) => {
  expect(pauseObstacles(before, release("v26.2.0"))).toEqual([]);
  expect(migrationObstacles(before, release("v26.2.0"), "staging")).toEqual([]);
});

test.each([
  ["is not named", release("v1.3.1"), release("v26.2.0", ["v25.4.0"])],
  ["was told by its reference", release("v1.3.1", [], true), release("v26.2.0", ["v25.4.0"])],
])(
  "a release whose tables do not go with what serves stops where that %s, unless the operator has chosen an hour",
  (_, before, after) => {
    expect(pauseObstacles(before, after)).toEqual([
      expect.stringMatching(
        /^Kratos v1.3.1 is not known to work with the tables of v26.2.0: everybody waits/,
      ),
    ]);
    expect(pauseObstacles(before, after, true)).toEqual([]);
  },
);

test("one whose tables do goes on", () => {
  expect(pauseObstacles(release("v25.4.0"), release("v26.2.0", ["v25.4.0"]))).toEqual([]);
});

test("a rollback across a migration is refused with the reason and the way back, unless the operator answers for it", () => {
  const [now, then] = [release("v26.2.0", ["v1.3.1"]), release("v1.3.1")];
  expect(migrationObstacles(now, then, "staging")).toEqual([
    expect.stringMatching(
      /Kratos of that release is v1.3.1.*migrated by v26.2.0.*olympus restore staging.*--across-migration/,
    ),
  ]);
  expect(migrationObstacles(now, then, "staging", true)).toEqual([]);
});
