import { expect, test } from "vitest";
import { describeStandIn, recipeOf, repositoryOf } from "../../../sandbox/images/image-recipes.ts";
import { mirrorConfiguration } from "../../../sandbox/images/registry.ts";
import { base } from "../../support/fleet/base.ts";

test.each([
  ["docker.io/oryd/kratos:v26.2.0", "docker.io/oryd/kratos"],
  ["docker.io/postgres:18-alpine", "docker.io/library/postgres"],
  ["ghcr.io/acme/identity/edge@sha256:00", "ghcr.io/acme/identity/edge"],
  ["localhost:5000/a/b:1", "localhost:5000/a/b"],
  ["localhost:5000/a/b", "localhost:5000/a/b"],
])("the repository of %s is %s", (reference, repository) => {
  expect(repositoryOf(reference)).toBe(repository);
});

test("every pinned image of the product can be made here", () => {
  for (const { name, tag } of Object.values(base.images)) {
    expect(() => recipeOf(`${name}:${tag}`)).not.toThrow();
  }
});

test("an unknown image is refused with what is known and what to do", () => {
  expect(() => recipeOf("docker.io/library/redis:8")).toThrow(/redis:8.*image-recipes\.ts.*oryd\/kratos/);
});

test("the edge is built from its Containerfile, whoever's repository pushes it", () => {
  expect(recipeOf("ghcr.io/acme/identity/edge:v2.11.9-53dadc42")).toBe("containerfile");
  expect(describeStandIn("ghcr.io/acme/identity/edge:v2.11.9-53dadc42")).toBe(
    "host/edge/Containerfile, on the sandbox's own base layer",
  );
  expect(() => recipeOf("ghcr.io/acme/knowledge:1")).toThrow(/cannot be built here/);
});

test("a stand-in says what it really is", () => {
  expect(describeStandIn("docker.io/oryd/kratos:v26.2.0")).toBe(
    "github.com/ory/kratos v1.3.1, built from source",
  );
});

test("each registry is asked of the mirror once, under its unchanged name", () => {
  const text = mirrorConfiguration("10.66.0.1:5000", ["docker.io/a/b:1", "docker.io/c/d:1", "ghcr.io/e/f:1"]);
  expect(text.match(/prefix = .*/g)).toEqual(['prefix = "docker.io"', 'prefix = "ghcr.io"']);
  expect(text).toContain('location = "10.66.0.1:5000/docker.io"\ninsecure = true');
});
