import { expect, test } from "vitest";
import { images } from "../../config/images.ts";
import { loadFleet } from "../../config/index.ts";
import { unreadImages, withDigests } from "../../config/load/image-lock.ts";
import { imageValues } from "../../host/images.ts";
import { checkFleet } from "../../stacks/program.ts";
import { base } from "../support/fleet/base.ts";
import { fixture } from "../support/fleet/source.ts";

const digest = `sha256:${"0a1b".repeat(16)}`;
const entry = { digest, architectures: ["amd64", "arm64"] };
const KRATOS = `${images.kratos.name}:${images.kratos.tag}`;

test("a locked pin is pulled by its digest, in every environment alike", () => {
  const { reference, mirrors } = loadFleet({ ...fixture, imageLock: { [KRATOS]: entry } });
  for (const { environment } of [reference, ...mirrors]) {
    expect(imageValues(environment).IMAGE_KRATOS).toBe(`${images.kratos.name}@${digest}`);
    expect(imageValues(environment).IMAGE_HYDRA).toBe(`${images.hydra.name}:${images.hydra.tag}`);
  }
});

test("another tag has no digest until it is locked anew", () => {
  const moved = { ...images, kratos: { ...images.kratos, tag: "v26.3.0" } };
  expect(withDigests(moved, { [KRATOS]: entry }).kratos.digest).toBeUndefined();
  expect(withDigests(images, { [KRATOS]: entry }).kratos.digest).toBe(digest);
});

test.each([
  ["a lock cut off half-way", '{ "docker.io'],
  ["a digest that is none", { [KRATOS]: { ...entry, digest: "sha256:todo" } }],
  ["a digest alone", { [KRATOS]: digest }],
  ["a list", [digest]],
])("%s is refused, with the file and the way out", (_, imageLock) => {
  expect(() => loadFleet({ ...fixture, imageLock })).toThrow(/config\/images\.lock\.json[\s\S]*images lock/);
});

test("what an image is built for is what its manifest says, and unknown until it is read", () => {
  const { reference } = loadFleet({ ...fixture, imageLock: { [KRATOS]: entry } });
  expect(reference.environment.images.kratos.architectures).toEqual(["amd64", "arm64"]);
  expect(reference.environment.images.hydra.architectures).toBeUndefined();
  expect(unreadImages(reference.environment.images)).toEqual(
    Object.keys(images).filter((name) => name !== "kratos"),
  );
  const claimed = { ...base, images: { ...images, hydra: { ...images.hydra, architectures: ["arm64"] } } };
  expect(() => loadFleet({ ...fixture, base: claimed })).toThrow(/architectures/);
});

test("a fleet whose images have no build for its servers is none", () => {
  const policy = (architectures: string[]) =>
    checkFleet(loadFleet({ ...fixture, imageLock: { [KRATOS]: { digest, architectures } } })).policy;
  expect(policy(["arm64"])).toEqual([]);
  expect(policy(["amd64"]).map(({ id }) => id)).toContain("server-architecture");
});
