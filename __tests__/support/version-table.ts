import type { ProgramUnderTest } from "../../sandbox/images/under-test.ts";

const SAID: Readonly<Record<ProgramUnderTest["state"], string>> = {
  same: "as pinned",
  differs: "DIFFERS",
  "cannot match": "DIFFERS",
  "stand-in": "NOT TESTED: a stand-in answers in its place",
  "not built": "not built on this computer",
};

const FROM_IMAGE = "its tag does not say what it holds; pin the right tag, or this one by its digest";
const BUILT = "sandbox/programs/programs.ts and config/images.ts must name one version";

/** Program, version under test, version pinned and what that means, a line each; then which registries answered. */
export function versionTable(
  rows: readonly ProgramUnderTest[],
  reasons: Readonly<Record<string, string>>,
  registries: Readonly<Record<string, boolean>>,
): string {
  const cells = rows.map(({ program, tested, pinned, source, state }) => {
    const difference = source.startsWith("image ") ? `${source}: ${FROM_IMAGE}` : BUILT;
    const reason =
      state === "cannot match" ? `: ${reasons[program]}` : state === "differs" ? `: ${difference}` : "";
    const what = state === "same" ? `${SAID.same}, from the ${source}` : `${SAID[state]}${reason}`;
    return [program, tested ?? "-", pinned.length > 20 ? `${pinned.slice(0, 17)}...` : pinned, what];
  });
  const all = [["program", "under test", "pinned", ""], ...cells];
  const widths = [0, 1, 2].map((i) => Math.max(...all.map((line) => line[i]?.length ?? 0)));
  const table = all
    .map((line) =>
      line
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
  return [table, ...registryLines(registries)].join("\n");
}

/** Which registries were in reach when the run began; nothing where none was asked. */
function registryLines(registries: Readonly<Record<string, boolean>>): string[] {
  const named = (answered: boolean) =>
    Object.keys(registries).filter((name) => registries[name] === answered);
  const line = (names: readonly string[], what: string) =>
    names.length ? [`${names.join(", ")}: ${what}`] : [];
  return [
    ...line(named(true), "in reach; the pinned images are what was tested"),
    ...line(named(false), "no answer; programs were built here"),
  ];
}
