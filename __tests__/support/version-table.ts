import type { ProgramUnderTest } from "../../sandbox/images/under-test.ts";

const SAID: Readonly<Record<ProgramUnderTest["state"], string>> = {
  same: "as pinned",
  differs: "DIFFERS: sandbox/programs/programs.ts and config/images.ts must name one version",
  "cannot match": "DIFFERS",
  "stand-in": "NOT TESTED: a stand-in answers in its place",
  "not built": "not built on this computer",
};

/** Program, version under test, version pinned and what that means, a line each. */
export function versionTable(
  rows: readonly ProgramUnderTest[],
  reasons: Readonly<Record<string, string>>,
): string {
  const cells = rows.map(({ program, tested, pinned, source, state }) => {
    const reason = state === "cannot match" ? `: ${reasons[program]}` : "";
    const what = state === "same" ? `${SAID.same}, from the ${source}` : `${SAID[state]}${reason}`;
    return [program, tested ?? "-", pinned.length > 20 ? `${pinned.slice(0, 17)}...` : pinned, what];
  });
  const all = [["program", "under test", "pinned", ""], ...cells];
  const widths = [0, 1, 2].map((i) => Math.max(...all.map((line) => line[i]?.length ?? 0)));
  return all
    .map((line) =>
      line
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
