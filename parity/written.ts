import { leafDifferences } from "./difference.ts";
import type { DocumentFinding } from "./finding.ts";
import type { Json } from "./json.ts";

/** What is about to be written, held against what was proved: whatever came in between is a finding. Pure. */
export function writtenFindings(
  written: Readonly<Record<string, Json>>,
  proved: Readonly<Record<string, Json>>,
): DocumentFinding[] {
  const stacks = [...new Set([...Object.keys(proved), ...Object.keys(written)])];
  return stacks.flatMap((stack) => {
    const [expected, found] = [proved[stack], written[stack]];
    if (!expected || !found)
      return [
        {
          law: "written" as const,
          stack,
          path: "(whole)",
          expected: expected ? "a stack" : undefined,
          found: found ? "a stack" : undefined,
          message: expected ? "was proved and is not declared" : "is declared and was not proved",
        },
      ];
    return leafDifferences(expected, found).map(({ path, left, right }) => ({
      law: "written" as const,
      stack,
      path,
      expected: left,
      found: right,
      message: "is not what was proved: something changes the stack after OlympusStack or ZoneStack made it",
    }));
  });
}
