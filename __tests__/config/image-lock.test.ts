import { expect, test } from "vitest";
import { images } from "../../config/images.ts";
import { loadFleet } from "../../config/index.ts";
import { withDigests } from "../../config/load/image-lock.ts";
import { imageValues } from "../../host/images.ts";
import { fixture } from "../support/fleet/source.ts";

const digest = `sha256:${"0a1b".repeat(16)}`;
const KRATOS = `${images.kratos.name}:${images.kratos.tag}`;

test("a locked pin is pulled by its digest, in every environment alike", () => {
  const { reference, mirrors } = loadFleet({ ...fixture, imageLock: { [KRATOS]: digest } });
  for (const { environment } of [reference, ...mirrors]) {
    expect(imageValues(environment).IMAGE_KRATOS).toBe(`${images.kratos.name}@${digest}`);
    expect(imageValues(environment).IMAGE_HYDRA).toBe(`${images.hydra.name}:${images.hydra.tag}`);
  }
});

test("another tag has no digest until it is locked anew", () => {
  const moved = { ...images, kratos: { ...images.kratos, tag: "v26.3.0" } };
  expect(withDigests(moved, { [KRATOS]: digest }).kratos.digest).toBeUndefined();
  expect(withDigests(images, { [KRATOS]: digest }).kratos.digest).toBe(digest);
});

test.each([
  ["a lock cut off half-way", '{ "docker.io'],
  ["a digest that is none", { [KRATOS]: "sha256:todo" }],
  ["a list", [digest]],
])("%s is refused, with the file and the way out", (_, imageLock) => {
  expect(() => loadFleet({ ...fixture, imageLock })).toThrow(/config\/images\.lock\.json[\s\S]*images lock/);
});
