import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { lockText } from "../cli/release/images/survey.ts";
import { edgeBases, images } from "../config/images.ts";
import { PROVIDER_VERSIONS } from "../config/load/provider-versions.ts";
import type { GoProgram } from "../lib/go-program.ts";
import { PROGRAMS } from "../sandbox/programs/programs.ts";
import { PROGRAM_SOURCES } from "./support/sources.ts";

// npm, actions, Terraform's version and .nvmrc are Renovate's own business. Held here: what the patterns of
// .github/renovate.json must find in our own files, read as Renovate reads them.
const config = z
  .looseObject({
    customManagers: z.array(
      z.strictObject({
        description: z.string(),
        customType: z.literal("regex"),
        managerFilePatterns: z.array(z.string()),
        matchStrings: z.array(z.string()),
        depNameTemplate: z.string().optional(),
        datasourceTemplate: z.string(),
      }),
    ),
    packageRules: z.array(z.looseObject({ description: z.string() })),
  })
  .parse(JSON.parse(readFileSync(".github/renovate.json", "utf8")));

/** `datasource name version` of all that one manager finds in a text. */
const found = (
  { matchStrings, ...manager }: (typeof config.customManagers)[number],
  text: string,
): string[] =>
  matchStrings
    .flatMap((pattern) => [...text.matchAll(new RegExp(pattern, "g"))])
    .map(({ groups = {} }) => {
      const version = [groups.currentValue, groups.currentDigest].filter(Boolean).join("@");
      return `${manager.datasourceTemplate} ${manager.depNameTemplate ?? groups.depName} ${version}`;
    });

/** What all managers together find in a file. */
const foundIn = (file: string, text = readFileSync(file, "utf8")): string[] =>
  config.customManagers
    .filter(({ managerFilePatterns }) => managerFilePatterns.includes(file))
    .flatMap((manager) => found(manager, text))
    .sort();

const unique = (pins: readonly string[]): string[] => [...new Set(pins)].sort();

describe("Renovate finds", () => {
  test("every image", () => {
    const pins = [...Object.values(images), ...Object.values(edgeBases)].map(
      ({ name, tag }) => `docker ${name} ${tag}`,
    );
    expect(foundIn("config/images.ts")).toEqual(pins.sort());
  });

  test("every digest, with the tag it belongs to", () => {
    const lock = Object.values(images).map(({ name, tag }, n) => ({
      key: `${name}:${tag}`,
      digest: `sha256:${n.toString(16).padStart(64, "0")}`,
    }));
    const text = lockText(
      Object.fromEntries(lock.map(({ key, digest }) => [key, { digest, architectures: ["amd64"] }])),
    );
    expect(foundIn("config/images.lock.json", text)).toEqual(
      lock.map(({ key, digest }) => `docker ${key.replace(/:(?=[^:]*$)/, " ")}@${digest}`).sort(),
    );
  });

  test("every Terraform provider", () => {
    expect(foundIn("config/load/provider-versions.ts")).toEqual([
      `terraform-provider cloudflare/cloudflare ${PROVIDER_VERSIONS.cloudflare}`,
      `terraform-provider hetznercloud/hcloud ${PROVIDER_VERSIONS.hcloud}`,
    ]);
  });

  test("every Go program", () => {
    const pins = Object.values<GoProgram>(PROGRAMS).map(({ module, version }) => `go ${module} ${version}`);
    const files = ["sandbox/programs/programs.ts", "secrets/programs.ts"];
    expect(unique(files.flatMap((file) => foundIn(file)))).toEqual(unique(pins));
  });
});

/** Versions that are no pin, or one that stays, by file. */
const STAYS: Readonly<Record<string, string>> = {
  "sandbox/images/oci.ts: 1.0.0": "the version of a format",
  "policy/rules/provider-pinned.ts: 1.68.0": "an example of the rule",
  "sandbox/programs/node-packages.ts: 20.9.0": "the oldest Node.js that package.json promises",
};

test("no exact version in the program is out of its sight", () => {
  const unseen = [...PROGRAM_SOURCES].flatMap(([file, text]) => {
    const versions = [...text.matchAll(/["@=](v?\d+\.\d+\.\d+)"/g)].map((match) => match[1] ?? "");
    const seen = foundIn(file, text).map((pin) => pin.split(" ").at(-1));
    return versions
      .filter((version) => !seen.includes(version))
      .map((version) => `${file}: ${version}`)
      .filter((found) => !(found in STAYS));
  });
  expect(unseen, "let a custom manager of .github/renovate.json find it").toEqual([]);
});

test("its patterns are such as its own engine, RE2, can run", () => {
  for (const pattern of config.customManagers.flatMap(({ matchStrings }) => matchStrings))
    expect(pattern).not.toMatch(/\(\?<?[=!]|\\\d/);
});

test("types are those of the oldest Node.js that the program runs on", () => {
  const { engines } = JSON.parse(readFileSync("package.json", "utf8"));
  const major = Number(/^>=(\d+)\./.exec(engines.node)?.[1]);
  expect(config.packageRules.find((rule) => String(rule.matchPackageNames) === "@types/node")).toMatchObject({
    allowedVersions: `<${major + 1}`,
  });
});
