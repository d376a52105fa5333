import { describe, expect, test } from "vitest";
import {
  bringsChanges,
  releaseChangesText,
  releaseDifferences,
  unfinished,
} from "../../../cli/release/changes.ts";
import { type Contents, contents, environmentContents } from "../../../cli/release/contents.ts";
import { parseServed, servedOf } from "../../../cli/release/served.ts";
import type { BundleFile } from "../../../host/bundle-file.ts";
import { prodEnvironment } from "../../secrets/values.ts";

const file = (path: string, content: string) => ({ path, content, mode: 0o644 as const });
const now = contents([
  file("olympus.env", "LIMIT=10\nHOST=a\n"),
  file("caddy/sites.caddy", "x"),
  file("new", "n"),
]);

/** What a machine says that serves these. */
const serving = (files: readonly BundleFile[]): string =>
  contents(files)
    .files.map(({ path, content }) => `-- ${path}\n${content}\n`)
    .join("");
const differences = (files: readonly BundleFile[], after: Contents) =>
  releaseDifferences(parseServed(serving(files)), servedOf(after));
const shipped = (env = prodEnvironment): BundleFile[] =>
  environmentContents(env).files.filter(({ path }) => path !== "SHA256SUMS");

describe("what a release would change", () => {
  test("is nothing where the machine serves exactly this", () => {
    expect(differences(shipped(), environmentContents(prodEnvironment))).toEqual({
      values: [],
      files: [],
      services: [expect.stringMatching(/^1\d services are not touched$/)],
    });
  });

  test("is a line for each value and each file", () => {
    const old = [file("olympus.env", "LIMIT=20\nGONE=1\n"), file("caddy/sites.caddy", "y"), file("old", "o")];
    expect(differences(old, now)).toMatchObject({
      values: ["GONE: 1 -> (none)", "HOST: (none) -> a", "LIMIT: 20 -> 10"],
      files: ["~ caddy/sites.caddy", "+ new", "- old"],
    });
  });

  test("is everything where nothing serves", () => {
    expect(differences([], now).files).toEqual(["+ caddy/sites.caddy", "+ new", "+ olympus.env"]);
  });

  test("is the rest of a release that was stopped after its switch", () => {
    expect(["none\n\n", "b\nb\n", "b\na\n", "b\n\n"].map(unfinished)).toEqual([false, false, true, true]);
    const stopped = { environment: "staging", values: [], files: [], services: [], isUnfinished: true };
    expect(bringsChanges(stopped)).toBe(true);
    expect(releaseChangesText(stopped)).toContain("the last one was stopped before it was healthy");
  });

  test("lets a machine's words obey no terminal", () => {
    const { values } = differences([file("olympus.env", "LIMIT=\u001b[31mred\u001b[0m\n")], now);
    expect(values.join("")).not.toContain("\u001b");
  });

  test("is said in words, also where it is not known", () => {
    const none = { environment: "staging", values: [], files: [], services: [] };
    expect(releaseChangesText(none)).toBe("release of staging: no changes");
    expect(releaseChangesText({ ...none, unknown: "no way" })).toContain("--dry-run");
    const many = Array.from({ length: 20 }, (_, at) => `~ file${at}`);
    expect(releaseChangesText({ ...none, files: many }).split("\n")).toHaveLength(14);
  });
});
