import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { edgeBases, images } from "../../config/images.ts";
import { caddyVersion, EDGE_FOLDER, edgeBuildArguments, edgeTag } from "../../host/edge-image.ts";

const containerfile = readFileSync(`${EDGE_FOLDER}/Containerfile`, "utf8");

test("the pinned tag is that of what lies in host/edge", () => {
  expect(images.caddy.tag, "write this tag into config/images.ts: docs/runbooks/images.md").toBe(
    edgeTag(edgeBases),
  );
  expect(images.caddy.tag.startsWith(`${caddyVersion()}-`)).toBe(true);
});

test("another base image is another tag", () => {
  const moved = { ...edgeBases, system: { ...edgeBases.system, tag: "3.24" } };
  expect(edgeTag(moved)).not.toBe(edgeTag(edgeBases));
  expect(edgeTag({ ...edgeBases })).toBe(edgeTag(edgeBases));
});

test("its base images are arguments without a default, so that config/images.ts alone names them", () => {
  const from = containerfile.match(/^FROM .*$/gm);
  expect(from).toEqual(["FROM --platform=$BUILDPLATFORM $GO_IMAGE AS build", "FROM $BASE_IMAGE"]);
  expect(containerfile.match(/^ARG .*=.*$/gm)).toBeNull();
  const args = edgeBuildArguments({ go: "go:1", system: "sys:1", architectures: ["amd64", "arm64"] });
  expect(args.join(" ")).toContain("--platform linux/amd64,linux/arm64 --build-arg GO_IMAGE=go:1");
});

test("nothing runs on the processor that it is built for: no emulator is needed", () => {
  const [, last = ""] = containerfile.split("FROM $BASE_IMAGE");
  expect(last).not.toMatch(/^RUN /m);
  expect(last).toContain("COPY --from=build /caddy /usr/bin/caddy");
});

test("its modules are Caddy and the rate limit, each by one version and checksum", () => {
  const required = /^require \(\n([^)]*)\)/m.exec(readFileSync(`${EDGE_FOLDER}/go.mod`, "utf8"))?.[1] ?? "";
  const modules = required.trim().split(/\n\t?/);
  expect(modules.map((line) => line.split(" ")[0])).toEqual([
    "github.com/caddyserver/caddy/v2",
    "github.com/mholt/caddy-ratelimit",
  ]);
  const sums = readFileSync(`${EDGE_FOLDER}/go.sum`, "utf8");
  for (const module of modules) expect(sums).toContain(`${module} h1:`);
});
