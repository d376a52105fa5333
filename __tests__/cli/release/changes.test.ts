import { describe, expect, test } from "vitest";
import { releaseChangesText, releaseDifferences } from "../../../cli/release/changes.ts";
import { contents, environmentContents } from "../../../cli/release/contents.ts";
import { prodEnvironment } from "../../secrets/values.ts";

const file = (path: string, content: string) => ({ path, content, mode: 0o644 as const });
const now = contents([
  file("olympus.env", "LIMIT=10\nHOST=a\n"),
  file("caddy/sites.caddy", "x"),
  file("new", "n"),
]);

/** What a machine says that serves these. */
const serving = (files: ReturnType<typeof file>[]): string => {
  const old = contents(files).files;
  const text = (path: string) => old.find((one) => one.path === path)?.content ?? "";
  return `${text("SHA256SUMS")}-- values\n${text("olympus.env")}`;
};

describe("what a release would change", () => {
  test("is nothing where the machine serves exactly this", () => {
    const own = environmentContents(prodEnvironment);
    expect(
      releaseDifferences(serving([...own.files].filter(({ path }) => path !== "SHA256SUMS") as never), own),
    ).toEqual({
      values: [],
      files: [],
    });
  });

  test("is a line for each value and each file", () => {
    const old = [file("olympus.env", "LIMIT=20\nGONE=1\n"), file("caddy/sites.caddy", "y"), file("old", "o")];
    expect(releaseDifferences(serving(old), now)).toEqual({
      values: ["GONE: 1 -> (none)", "HOST: (none) -> a", "LIMIT: 20 -> 10"],
      files: ["~ caddy/sites.caddy", "+ new", "- old"],
    });
  });

  test("is everything where nothing serves", () => {
    expect(releaseDifferences("-- values\n", now).files).toEqual([
      "+ caddy/sites.caddy",
      "+ new",
      "+ olympus.env",
    ]);
  });

  test("lets a machine's words obey no terminal", () => {
    const { values } = releaseDifferences("-- values\nLIMIT=\u001b[31mred\u001b[0m\n", now);
    expect(values.join("")).not.toContain("\u001b");
  });

  test("is said in words, also where it is not known", () => {
    const none = { environment: "staging", values: [], files: [] };
    expect(releaseChangesText(none)).toBe("release of staging: no changes");
    expect(releaseChangesText({ ...none, unknown: "no way" })).toContain("--dry-run");
    const many = Array.from({ length: 20 }, (_, at) => `~ file${at}`);
    expect(releaseChangesText({ ...none, files: many }).split("\n")).toHaveLength(14);
  });
});
