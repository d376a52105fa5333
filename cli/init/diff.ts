import { existsSync, readFileSync } from "node:fs";
import type { FileChange } from "./file-change.ts";

/** Unchanged lines above and below a change. */
const AROUND = 2;

/** What would change, for a person to read: the lines of each file, and of a key its name alone. */
export const diffText = (changes: readonly FileChange[]): string => changes.map(changeText).join("\n\n");

function changeText({ file, text, isPrivate }: FileChange): string {
  if (text === undefined) return `gone  ${file}`;
  if (isPrivate) return `new   ${file}  (a private key: it stays out of git)`;
  if (!existsSync(file)) return `new   ${file}`;
  return [`      ${file}`, ...changedLines(readFileSync(file, "utf8").split("\n"), text.split("\n"))].join(
    "\n",
  );
}

interface Line {
  readonly sign: " " | "-" | "+";
  readonly text: string;
}

/** Lines that are gone and new, with a few around them; `...` for what is left out. */
export function changedLines(before: readonly string[], after: readonly string[]): string[] {
  const lines = compared(before, after);
  const isNear = lines.map((_, i) =>
    lines.slice(Math.max(0, i - AROUND), i + AROUND + 1).some(({ sign }) => sign !== " "),
  );
  return lines.flatMap(({ sign, text }, i) => {
    if (isNear[i]) return [`${sign} ${text}`.trimEnd()];
    return isNear[i - 1] ? ["  ..."] : [];
  });
}

/** The longest common lines stay. */
function compared(before: readonly string[], after: readonly string[]): Line[] {
  const common = before.map(() => after.map(() => 0));
  const at = (i: number, j: number): number => common[i]?.[j] ?? 0;
  for (let i = before.length - 1; i >= 0; i--)
    for (let j = after.length - 1; j >= 0; j--)
      (common[i] as number[])[j] =
        before[i] === after[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const lines: Line[] = [];
  for (let i = 0, j = 0; i < before.length || j < after.length; ) {
    const [old = "", next = ""] = [before[i], after[j]];
    if (i < before.length && j < after.length && old === next) {
      lines.push({ sign: " ", text: old });
      i++;
      j++;
    } else if (j >= after.length || (i < before.length && at(i + 1, j) >= at(i, j + 1))) {
      lines.push({ sign: "-", text: old });
      i++;
    } else {
      lines.push({ sign: "+", text: next });
      j++;
    }
  }
  return lines;
}
