import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import type { Checkout } from "../support/checkout.ts";
import type { Task } from "./tasks.ts";

/** What a command said, and how it ended. */
export interface TypedCommand {
  readonly exitCode: number | undefined;
  readonly all: string;
}

/** Does a task in a checkout: its edits, then its commands, each as typed. Takes the edits back. `note`: what was done and answered. */
export async function take(
  { made, edits, commands }: Task,
  checkout: Checkout,
  type: (command: string) => Promise<TypedCommand>,
  note: (line: string) => void = () => undefined,
): Promise<void> {
  if (made) {
    const [file, like, ...replaced] = made;
    const text = readFileSync(join(checkout.root, like), "utf8");
    writeFileSync(
      join(checkout.root, file),
      replaced.reduce((all, [from, to]) => all.replace(from, to), text),
    );
    note(`${file}: as ${like}, with ${replaced.map(([, to]) => to).join(", ")}`);
  }
  const before = edits.map(([file]) => [file, readFileSync(join(checkout.root, file), "utf8")] as const);
  try {
    for (const edit of edits) {
      checkout.plant(...edit);
      note(`${edit[0]}: ${edit[1].trim()} => ${edit[2].trim()}`);
    }
    for (const [command, code, says] of commands) {
      const { exitCode, all } = await type(command);
      note(`$ ${command}\n${all}\n[exit code ${exitCode}]`);
      expect(all).toMatch(says);
      expect(exitCode, all).toBe(code);
    }
  } finally {
    if (made) rmSync(join(checkout.root, made[0]));
    for (const [file, text] of before) writeFileSync(join(checkout.root, file), text);
  }
}
