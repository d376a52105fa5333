import { expect, test } from "vitest";
import { digestObstacles, imageWarnings } from "../../../cli/release/preflight.ts";
import { fixtureFleet } from "../../support/fleet/fleet.ts";

const { environment: prod } = fixtureFleet().reference;

test("of images that nobody has locked staging is told, and production is refused", () => {
  const [mirror] = fixtureFleet().mirrors;
  if (!mirror) throw new Error("the fixture has a mirror");
  const staging = mirror.environment;
  expect(imageWarnings(staging)[0]).toMatch(
    /not locked.*: postgres, kratos, .*; run \.\/olympus images lock$/,
  );
  expect([imageWarnings(prod), digestObstacles(staging)]).toEqual([[], []]);
  expect(digestObstacles(prod)).toEqual([
    expect.stringMatching(/digest alone.*: postgres, .*images lock, commit/),
  ]);
  const images = Object.fromEntries(
    Object.entries(prod.images).map(([name, image]) => [
      name,
      { ...image, architectures: ["arm64"] as const },
    ]),
  ) as unknown as typeof prod.images;
  expect([digestObstacles({ ...prod, images }), imageWarnings({ ...staging, images })]).toEqual([[], []]);
});
